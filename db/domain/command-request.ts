/** A command's name and input: all that the browser ever sends. */
export interface CommandRequest {
  command: string
  input: Record<string, unknown>
  /** What a button that asks for it says: Rebuild; several of the same: Rebuild 3 indexes. */
  label?: { verb: string; many: string }
}

/** How a button or a check's fix asks for a command; `input` is parsed by the server. Each command has its own in its folder. */
export const requestFor = <I extends object>(command: string, label?: CommandRequest['label']) =>
  Object.assign((input: I): CommandRequest => ({ command, input: { ...(input as Record<string, unknown>) }, ...(label && { label }) }), {
    command,
  })
