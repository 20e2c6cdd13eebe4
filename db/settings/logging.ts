import { manual, type Parameter } from './define-parameter'

const PAGE = 'runtime-config-logging'

export const logMinDurationStatement: Parameter = {
  name: 'log_min_duration_statement',
  source: manual(PAGE, 'log_min_duration_statement'),
  value: ({ profile }) => {
    const seconds = profile.workload === 'warehouse' ? 60 : 1
    return { value: { ms: seconds * 1000 }, why: `Statements of more than ${seconds} s, with their values: mind what a log may hold.` }
  },
  guide: { value: '1000' },
}

export const logLinePrefix: Parameter = {
  name: 'log_line_prefix',
  source: manual(PAGE, 'log_line_prefix'),
  value: () => ({
    value: { text: '%m [%p] %q%u@%d app=%a client=%h ' },
    why: 'Time in milliseconds, process, and whose session it is: role, database, application and client.',
  }),
  guide: {
    value: '%t [%p]: [%l-1] user=%u,db=%d ',
    remark: () => 'It lacks the application (%a) and the client (%h), which tell whose statement it was.',
  },
}

export const logCheckpoints: Parameter = {
  name: 'log_checkpoints',
  source: manual(PAGE, 'log_checkpoints'),
  value: () => ({ value: { text: 'on' }, why: 'Two lines a checkpoint say whether max_wal_size is enough.' }),
  guide: { value: 'on', remark: ({ major }) => (major >= 15 ? "This is PostgreSQL's default from 15 on." : null) },
}

export const logConnections: Parameter = {
  name: 'log_connections',
  source: manual(PAGE, 'log_connections'),
  value: () => ({ value: { text: 'on' }, why: 'Who came from where. With a pooler in front these are few lines.' }),
  guide: {
    value: 'on',
    remark: ({ major }) =>
      major >= 18 ? 'From 18 on it is a list of stages (receipt, authentication, authorization); on still means these.' : null,
  },
}

export const logDisconnections: Parameter = {
  name: 'log_disconnections',
  source: manual(PAGE, 'log_disconnections'),
  value: () => ({ value: { text: 'on' }, why: 'How long sessions last: many short ones ask for a pooler.' }),
  guide: { value: 'on' },
}

export const logLockWaits: Parameter = {
  name: 'log_lock_waits',
  source: manual(PAGE, 'log_lock_waits'),
  value: () => ({ value: { text: 'on' }, why: 'Logs who waits longer than deadlock_timeout, and for whom.' }),
  guide: { value: 'on' },
}

export const LOGGING = [logMinDurationStatement, logLinePrefix, logCheckpoints, logConnections, logDisconnections, logLockWaits]
