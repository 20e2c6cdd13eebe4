/** What a form shows after it was refused. Passwords never travel back. */
export interface FormState {
  message?: string
  fields?: Record<string, string>
  values?: { name?: string; email?: string }
}
