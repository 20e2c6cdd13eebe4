export const REDACTED = '[redacted]'

const WORDS = [
  'pass(?:word|wd|wrd|phrase|code)s?',
  'passphrase_command',
  'pwd',
  'secrets?',
  'tokens?',
  'credentials?',
  'authorization',
  'api_?keys?',
  '(?:api|access|private|secret|encryption|encrypt|signing|master|shared|account|storage|sas|service|role|anon|admin|auth|jwt|client|webhook|license)[_.-]keys?',
  '(?:^|[_.-])(?:pass|psw|pw)',
].join('|')
/** What may follow: password_hash, token2, secret_value. */
const MORE = '(?:[_.-]?(?:hash(?:ed)?|digest|value|text|plain|encrypted|enc|salt|new|old|hex|base64|b64|md5|bcrypt|\\d+))*'
const KEY = new RegExp(`(?:${WORDS})${MORE}$`, 'i')
const LONGEST = 128

/** Whether a name says that what stands under it is secret: password, client_secret, app.jwt_token; not password_encryption, not primary_key. */
export const namesSecret = (name: string): boolean => KEY.test(name.slice(-LONGEST))

/** Functions whose arguments are keys and what is to be hidden: pgcrypto, pgjwt, vaults, credentials of clouds. */
const CALLS =
  /^(?:crypt|pgp_(?:sym|pub)_(?:en|de)crypt(?:_bytea)?|(?:en|de)crypt(?:_iv)?|hmac|digest|sign|verify|create_secret|update_secret|create_aws_credentials|crypto_\w+|account_add)$/

export const takesSecrets = (call: string): boolean => CALLS.test(call)

/** Functions, and VALUES, in which a value follows its name as the next argument. */
export const pairsUp = (call: string): boolean =>
  /^(?:values|(?:set|put|add|create|store|save|upsert|update|insert)(?:_|$)|jsonb?_(?:build_object|object|set|insert)|hstore|\w*header$)/.test(
    call,
  )

/** Cheap, and true for every text that anything is withheld of: most are told to be harmless by it. */
const HINT =
  /pass|pwd|psw|pw\b|secret|token|key|credential|auth|cookie|:\/\/|scram-|md5[0-9a-f]|crypt|hmac|digest|identified|user\s|mapping|sign|verify|account_add|\$(?:2[abxy]?|argon\w*|[156y])\$|eyJ|gh[pousr]_|xox[a-z]-|sk_|u&|\\|%[0-9a-f]|-u|-p/i

export const mayHoldSecrets = (text: string): boolean => HINT.test(text)
