/** Formats SQL for reading. What the formatter does not understand comes back as it is. */
export async function formatSql(sql: string): Promise<string> {
  const { format } = await import('sql-formatter')
  try {
    return format(sql, { language: 'postgresql', tabWidth: 2, keywordCase: 'preserve', paramTypes: { numbered: ['$'] } })
  } catch {
    return sql // sql-formatter throws where it cannot tell tokens apart
  }
}
