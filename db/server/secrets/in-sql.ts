import { type Cleaned, withoutNamed, withoutShapes } from './in-text'
import { mayHoldSecrets, namesSecret, pairsUp, REDACTED, takesSecrets } from './names'
import { BEGINS, COMPARES, type Frame, frame, GOES_ON, JOINS, NO_CALL, PLAIN, WITHIN } from './sql-frame'
import { type Literal, meaningOf, type Token, tokensOf, writtenAs } from './tokens'

/** Literals in literals in literals; further in, everything is withheld. */
const DEEPEST = 8
/** A text of SQL without the secrets in it; `escapes`: as with standard_conforming_strings = off. */
export const withoutSecretsInSql = (sql: string, escapes = false, depth = 0): Cleaned =>
  new Reader(escapes, depth).read(tokensOf(sql, escapes))

/** What stands in a literal, a setting or a message: a connection string, SQL, a command … */
export function withoutSecretsInText(given: string, escapes = false, depth = 0): Cleaned {
  if (!mayHoldSecrets(given)) return { text: given, open: false }
  if (depth > DEEPEST) return { text: REDACTED, open: true }
  const named = withoutNamed(given)
  if (!/['$"]/.test(named.text)) return named
  const { text, open } = withoutSecretsInSql(named.text, escapes, depth)
  return { text, open: open || named.open }
}

class Reader {
  private readonly out: string[] = []
  /** The literals that are shown, by their place in what goes out. */
  private readonly shown = new Map<number, Literal>()
  private frames = [frame()]
  /** The tokens before, gaps and comments left out. */
  private last: Token | undefined
  private beforeLast: Token | undefined
  /** What stood before the first word of a.b.c. */
  private lead: (Token | undefined)[] = []
  /** The last literal was withheld: the next one may continue it. */
  private withheld = false
  /** After the name of a secret: a literal right after it is one (name), or only an operator leads to one (more). */
  private after: 'name' | 'more' | undefined
  /** How many frames there are around an expression whose literals are withheld. */
  private expression: number | undefined
  /** The last literal ended where its secret would follow. */
  private open = false
  private dotted = false
  /** The first words of the statement. */
  private words: string[] = []
  private insert: 'names' | 'rows' | undefined
  private columns: Set<number> | undefined
  private wholeStatement = false
  private usingSecret = false
  private preparedSecret = false
  private cut = false

  constructor(
    private readonly escapes: boolean,
    private readonly depth: number,
  ) {}

  read(tokens: Token[]): Cleaned {
    for (const token of tokens) {
      if (this.cut) break
      if (token.kind === 'gap') this.out.push(token.text)
      else if (token.kind === 'comment') this.out.push(commentWithoutNamed(token.text))
      else this.take(token)
    }
    return { text: withoutShapes(this.out.join('')), open: this.open || this.after === 'name' || this.expression !== undefined }
  }

  private get top(): Frame {
    return this.frames.at(-1) as Frame
  }

  private take(token: Token): void {
    if (token.kind === 'string') this.takeLiteral(token)
    else if (token.kind === 'word') this.takeWord(token.text, token.name)
    else if (token.kind === 'param') this.takeParam(token.text)
    else this.takeSign(token.text)
    this.beforeLast = this.last
    this.last = token
  }

  private isSecretPlace(): boolean {
    const { secret, columns, part } = this.top
    return this.after === 'name' || this.expression !== undefined || this.wholeStatement || secret || columns?.has(part) === true
  }

  private takeParam(text: string): void {
    if (this.isSecretPlace()) {
      this.preparedSecret ||= this.words[0] === 'prepare'
      this.open = this.depth > 0
    }
    this.after = undefined
    this.out.push(text)
  }

  private takeLiteral(token: Literal): void {
    const before = this.last?.kind === 'word' ? this.last.name : ''
    const isPair = before === 'by' && this.words.includes('identified')
    const inMapping = this.top.mapping && before !== '' && !/^user(name)?$/.test(before)
    const continues = this.withheld && this.last?.kind === 'string'
    this.open = false
    if (token.body !== '' && (this.isSecretPlace() || isPair || inMapping || continues)) {
      this.out.push(hidden(token))
      this.withheld = true
      this.after = undefined
      // Whether it ends here depends on a setting: nothing after it is shown.
      this.cut = token.style === 'plain' && token.close !== '' && /(?:^|[^\\])(?:\\\\)*\\$/.test(token.body)
      return
    }
    this.withheld = false
    const isCode = /^(?:do|as)$/.test(before) || (token.style === 'dollar' && /^(?:plpgsql|sql)$/.test(before))
    const clean = isCode ? withoutSecretsInSql : withoutSecretsInText
    const meaning = meaningOf(token)
    const inner = clean(meaning, this.escapes, this.depth + 1)
    this.out.push(token.open + (inner.text === meaning ? token.body : writtenAs(inner.text, token)) + token.close)
    this.shown.set(this.out.length - 1, token)
    const path = meaning.trim().replaceAll(/[{}"]|(?<=,)\s+/g, '')
    const isName = /^[\w.,-]+$/.test(path) && namesSecret(path)
    this.after = isName ? 'more' : undefined
    if (isName && this.top.subscript) this.top.named = true
    this.open = inner.open && !isCode && !isName
    if (this.open && JOINS.has(this.top.call)) this.top.secret = true
    this.usingSecret ||= this.open
  }

  private takeWord(text: string, name: string): void {
    const { frames, top, last } = this
    if (this.words.length < 12) this.words.push(name)
    if (!isSign(last, '.')) this.lead = [last, this.beforeLast]
    const afterOperand =
      last?.kind === 'sign' ? isSign(last, ')', ']') : last !== undefined && !(last.kind === 'word' && WITHIN.has(last.name))
    if (this.expression === frames.length && afterOperand && !WITHIN.has(name)) this.expression = undefined
    const isSetting = this.expression === frames.length && this.dotted && /^(?:set|alter)$/.test(this.words[0] ?? '')
    this.out.push(isSetting && isSign(last, '=', 'to') && !PLAIN.has(name) ? REDACTED : text)
    this.withheld = false
    this.open = false
    if (name === 'using') this.wholeStatement ||= this.usingSecret && this.words.includes('execute')
    if (name === 'execute') this.wholeStatement ||= this.preparedSecret
    if (name === 'into' && isSign(last, 'insert')) this.insert = 'names'
    if (name === 'values') this.insert &&= 'rows'
    if (name === 'select' && this.insert && frames.length === 1) Object.assign(top, { columns: this.columns, part: 0 })
    if (name === 'from' && frames.length === 1) top.columns = undefined
    if (/^(?:select|from|where|returning)$/.test(name)) top.partFrom = this.out.length
    if (top.lists && namesSecret(name)) this.columns = (this.columns ?? new Set()).add(top.part)
    const begins = this.after === 'name' ? name === 'to' || BEGINS.has(name) : this.after === 'more' && BEGINS.has(name)
    if (this.after && GOES_ON.has(name)) this.after = 'more'
    else if (begins || (this.after && name === 'from' && isSign(last, 'distinct')) || (name === 'default' && top.partNamed)) this.begin()
    else if (namesSecret(name)) this.takeName(name)
    else if (!isSign(last, '::')) this.after = undefined
  }

  private takeName(name: string): void {
    const [sign, literal] = this.lead
    this.dotted = isSign(this.last, '.') || name.includes('.')
    // 'x' = u.password
    if (isSign(sign, '=', '<>', '!=') && literal?.kind === 'string') this.hideBefore(literal)
    // 'x'::text as api_token: whatever the value was made of
    if (sign?.kind === 'word' && sign.name === 'as')
      for (const [at, token] of this.shown) if (at >= this.top.partFrom && token.body !== '') this.out[at] = hidden(token)
    this.after = 'name'
    this.top.named = true
    this.top.partNamed = true
  }

  private hideBefore(token: Literal): void {
    const at = this.out.lastIndexOf(token.open + token.body + token.close)
    if (at >= 0 && token.body !== '') this.out[at] = hidden(token)
  }

  private begin(): void {
    this.expression = this.frames.length
    this.after = undefined
  }

  private takeSign(sign: string): void {
    const follows = this.open || this.withheld
    this.out.push(sign)
    this.withheld = false
    this.open = false
    if (sign === '(' || sign === '[') this.enter(sign)
    else if (sign === ')' || sign === ']') this.leave()
    else if (sign === ';') this.endStatement()
    else if (sign === ',') this.endPart()
    else if ((sign === '||' && follows) || (sign === ':=' && this.top.partNamed)) this.begin()
    else if (this.after && COMPARES.has(sign)) {
      // A literal that names a secret is one side of a comparison only as a key: doc ->> 'password' = …
      if (this.last?.kind === 'string' && !isSign(this.beforeLast, '->', '->>', '#>', '#>>')) this.after = undefined
      else this.begin()
    } else if (sign !== '::') this.after = undefined
  }

  private enter(sign: string): void {
    const { last, frames, insert } = this
    const word = last?.kind === 'word' ? last.name : ''
    const row = insert === 'rows' && frames.length === 1
    const lists = insert === 'names' && frames.length === 1 && word !== ''
    const [lead] = this.lead
    const isCall = word !== '' && !lists && !(lead?.kind === 'word' && NO_CALL.has(lead.name))
    const place = (this.after !== 'name' || isCall) && this.isSecretPlace()
    this.frames.push(
      frame({
        call: row ? 'values' : word,
        secret: word !== 'gen_salt' && (place || takesSecrets(word)),
        subscript: sign === '[' && word !== 'array',
        lists,
        columns: row ? this.columns : undefined,
        mapping: word === 'options' && this.words.join(' ').includes('user mapping'),
        partFrom: this.out.length,
      }),
    )
    if (lists) this.insert = 'rows'
    this.after = undefined
  }

  private leave(): void {
    const left = this.frames.length > 1 ? this.frames.pop() : undefined
    if (this.expression !== undefined && this.expression > this.frames.length) this.expression = undefined
    this.after = left?.named && !left.lists ? 'more' : undefined
    if (left?.named) this.top.named = true
  }

  private endPart(): void {
    const { top } = this
    if (this.expression === this.frames.length) this.expression = undefined
    top.part += 1
    top.partFrom = this.out.length
    top.partNamed = false
    const isPair = this.after === 'more' && this.last?.kind === 'string' && pairsUp(top.call)
    this.after = undefined
    if (isPair) this.begin()
  }

  private endStatement(): void {
    this.frames = [frame({ partFrom: this.out.length })]
    this.after = this.expression = this.columns = this.insert = undefined
    this.words = []
    this.wholeStatement = this.usingSecret = this.dotted = false
  }
}

const hidden = ({ open, close }: Literal): string => open + REDACTED + close

const isSign = (token: Token | undefined, ...signs: string[]): boolean =>
  (token?.kind === 'sign' && signs.includes(token.text)) || (token?.kind === 'word' && signs.includes(token.name))

/** The end of a comment belongs to no value in it: what follows would be read as comment, too. */
function commentWithoutNamed(text: string): string {
  const end = text.endsWith('*/') && text.length >= 4 ? 2 : 0
  return withoutNamed(text.slice(0, text.length - end)).text + text.slice(text.length - end)
}
