// With what every process of the console is started, by --import: it reads TypeScript, and loads its packages quickly.
import 'tsx'
import './packages.mjs'
