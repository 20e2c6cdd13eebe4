'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { adminOfAction, currentSessionId } from '@/app/session'
import { told } from '@/app/told'
import { answerCopied, answerMoved } from '@/db/console/which-console'
import { failed, type Result } from '@/db/server/problem'

const given = z.tuple([z.enum(['moved', 'copied']), z.iso.datetime()])

/** Says whether the console was moved or copied, to the question that the page showed. Errors: conflict when it is another one by now. */
export const answerPlace = told(async (answer: unknown, asked: unknown): Promise<Result<{ id: string }>> => {
  const admin = await adminOfAction(answer, asked)
  if (!admin.ok) return admin
  const sent = given.safeParse([answer, asked])
  if (!sent.success) return failed('invalid_input', 'The form is not complete.')
  const [what, at] = sent.data
  const answered = await (what === 'moved' ? answerMoved(admin.value, at) : answerCopied(admin.value, at, await currentSessionId()))
  if (answered.ok) revalidatePath('/', 'layout')
  return answered
})
