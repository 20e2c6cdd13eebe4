/** Why the console cannot work on a console database: one sentence of ours, for whoever started it. */
export class StartRefusal extends Error {}
