/*
 * Texts that come out of other databases, as pg_stat_activity has them, are in those databases' encodings, and what is sent to a
 * database of SQL_ASCII is in any, or none (manual, 24.3.3). Functions that look at letters, such as left(), and the conversion
 * for the client refuse what is not in this database's encoding, and with it the whole answer. So such a text travels as bytes.
 */

const PREFIX = 'bytes:'

/** The encoding of a database by its OID, as SQL. */
export const encodingOf = (datid: string): string =>
  `coalesce((select pg_encoding_to_char(e.encoding)::text from pg_database e where e.oid = ${datid}), 'SQL_ASCII')`

/**
 * SQL for a text that may be in any encoding, at most so many letters of it; for a column of kind statementText. Nothing in it can
 * fail: quote_literal() goes byte by byte, doubles backslashes, and so makes of it what bytea takes.
 */
export const foreignText = (text: string, encoding: string, letters: number): string =>
  `'${PREFIX}' || ${encoding} || ':${letters}:' || encode(substr(quote_literal(${text})::bytea, 1, ${4 * letters + 8}), 'base64')`

/** PostgreSQL's names (manual, 24.3.1) to those of the Encoding Standard; what is in neither is read as far as it is ASCII. */
const DECODERS: Record<string, string> = {
  ...{ UTF8: 'utf-8', SQL_ASCII: 'utf-8', LATIN1: 'iso-8859-1', LATIN2: 'iso-8859-2', LATIN3: 'iso-8859-3', LATIN4: 'iso-8859-4' },
  ...{ LATIN5: 'iso-8859-9', LATIN6: 'iso-8859-10', LATIN7: 'iso-8859-13', LATIN8: 'iso-8859-14', LATIN9: 'iso-8859-15' },
  ...{ LATIN10: 'iso-8859-16', ISO_8859_5: 'iso-8859-5', ISO_8859_6: 'iso-8859-6', ISO_8859_7: 'iso-8859-7', ISO_8859_8: 'iso-8859-8' },
  ...{ WIN866: 'ibm866', WIN874: 'windows-874', KOI8R: 'koi8-r', KOI8U: 'koi8-u' },
  ...{ EUC_JP: 'euc-jp', EUC_KR: 'euc-kr', EUC_CN: 'gbk' },
}

const decoderOf = (encoding: string): string => DECODERS[encoding] ?? (/^WIN\d+$/.test(encoding) ? `windows-${encoding.slice(3)}` : 'utf-8')

const SHAPE = new RegExp(`^${PREFIX}(\\w+):(\\d+):([A-Za-z0-9+/=\\n]*)$`)

/** The text that foreignText() sent, or why it cannot be read; any other text as it is. A letter that was cut in half is left out. */
export function readForeignText(sent: string): string {
  const [, encoding = '', letters, base64 = ''] = SHAPE.exec(sent) ?? []
  if (letters === undefined) return sent
  try {
    const quoted = new TextDecoder(decoderOf(encoding), { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'), {
      stream: true,
    })
    const text = quoted.replace(/^E?'/, '').replaceAll("''", '\0').replace(/'$/, '').replaceAll('\0', "'")
    const most = Number(letters)
    return text.length > most ? Array.from(text).slice(0, most).join('') : text
  } catch {
    return withheldText(encoding)
  }
}

/** Stands where a text would; a comment to whoever takes it for SQL. */
const withheldText = (encoding: string): string =>
  `-- withheld: its bytes are no valid ${DECODERS[encoding] === 'utf-8' || !DECODERS[encoding] ? 'UTF-8' : encoding}, and its database${encoding === 'SQL_ASCII' ? ', of SQL_ASCII,' : ''} does not tell what else they are`
