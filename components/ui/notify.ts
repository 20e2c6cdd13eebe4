/** A short notice at the bottom of the page; its code is fetched when there is something to say. */
export async function notify(kind: 'success' | 'error', message: string, description?: string): Promise<void> {
  const { toast } = await import('sonner')
  toast[kind](message, { description })
}
