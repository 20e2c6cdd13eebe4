'use client'
import { useState, useTransition } from 'react'
import { testStoredServer } from '@/app/servers/actions'
import type { Result } from '@/db/server/problem'
import type { Connected } from '@/db/server/test-connection'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { TestResult } from './test-result'

/** A server that the settings name can be tested here, not changed. */
export function SettingsServer({ id }: { id: string }) {
  const [result, setResult] = useState<Result<Connected>>()
  const [testing, start] = useTransition()
  return (
    <Card className="grid max-w-[760px] gap-3 p-4" label="Connection">
      <p className="text-ink-2">Address and password are set in the console's environment.</p>
      <TestResult result={result} />
      <div>
        <Button onClick={() => start(async () => setResult(await testStoredServer(id)))} disabled={testing}>
          {testing ? 'Testing …' : 'Test connection'}
        </Button>
      </div>
    </Card>
  )
}
