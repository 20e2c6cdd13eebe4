import { registerHooks } from 'node:module'

// For each module of a package Node parses the package's whole list of exports again, only to learn that it is an ES module. That of
// drizzle-orm has 180 kB, and a hundred of its modules are loaded: a quarter of what a start costs.
const OF_DRIZZLE = /\/node_modules\/drizzle-orm\/[^?]*\.js$/

registerHooks({
  resolve(specifier, context, next) {
    if (/^\.\.?\/.*\.js$/.test(specifier) && OF_DRIZZLE.test(context.parentURL ?? '')) {
      const { href } = new URL(specifier, context.parentURL)
      if (OF_DRIZZLE.test(href)) return { url: href, format: 'module', shortCircuit: true }
    }
    return next(specifier, context)
  },
})
