import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { SqlType, SqlValue } from '../sql-type.ts'
import type { Program, WireFormat } from '../store.ts'
import { FrameReader, FrameWriter } from './frame.ts'
import { readValues, writeValues } from './value-codec.ts'

/** How the engine process is to be set up (duckdb-hardening.md, section 4). */
export interface BootSettings {
  readonly databaseFile: string
  readonly databaseAlias: string
  readonly spillDirectory: string
  readonly emptyDirectory: string
  /** What else the engine may read and write, absolute, without a slash at the end. */
  readonly fileDirectories: readonly string[]
  readonly memoryLimitBytes: number
  readonly spillBytesMax: number
  readonly threads: number
  readonly statementSlots: number
  readonly statementQueueMax: number
  readonly statementQueueTimeoutMs: number
  readonly creditBytes: number
}

/** What the engine process needs to know of a program; sent once under a number. */
export interface ProgramDefinition {
  readonly sql: string
  readonly kind: Program['kind']
  readonly stage?: string
  readonly rowCount?: number
  readonly parameters: readonly {
    readonly isList: boolean
    readonly type: SqlType
  }[]
  readonly columns: readonly { readonly type?: SqlType }[]
}

/** Rows of a copied table, and the table that they are for. */
export interface CopiedRows {
  readonly file: string
  readonly from: number
  readonly to: number
  /** Attribute numbers in both. */
  readonly columns: readonly { readonly from: number; readonly to: number }[]
}

/** What the server asks of its engine process. `call` numbers are answered, in any order. */
export type EngineRequest =
  | { readonly kind: 'Boot'; readonly settings: BootSettings }
  | { readonly kind: 'Define'; readonly program: number; readonly definition: ProgramDefinition }
  | { readonly kind: 'Forget'; readonly program: number }
  | {
      readonly kind: 'Open'
      readonly session: number
      readonly portal: number
      readonly program: number
      readonly formats: readonly WireFormat[]
      readonly values: readonly SqlValue[]
    }
  | {
      readonly kind: 'Fetch'
      readonly call: number
      readonly session: number
      readonly portal: number
      readonly rowsMax: number
    }
  | { readonly kind: 'ClosePortal'; readonly session: number; readonly portal: number }
  | {
      readonly kind: 'Describe'
      readonly call: number
      readonly session: number
      readonly program: number
    }
  | {
      readonly kind: 'Begin'
      readonly call: number
      readonly session: number
      readonly readOnly: boolean
    }
  | {
      readonly kind: 'Commit'
      readonly call: number
      readonly session: number
      readonly transactionNumber?: number
    }
  | { readonly kind: 'Rollback'; readonly call: number; readonly session: number }
  | { readonly kind: 'Revive'; readonly call: number; readonly session: number }
  | {
      readonly kind: 'SetTimeZone'
      readonly call: number
      readonly session: number
      readonly name: string
    }
  | { readonly kind: 'Cancel'; readonly session: number; readonly call: number }
  | { readonly kind: 'Credit'; readonly session: number; readonly bytes: number }
  | { readonly kind: 'CloseSession'; readonly call: number; readonly session: number }
  | { readonly kind: 'HasCommitted'; readonly call: number; readonly transactionNumber: number }
  | { readonly kind: 'ForgetCommits'; readonly call: number; readonly transactionNumber: number }
  | { readonly kind: 'Tables'; readonly call: number }
  /** Writes what was committed into the data file, and gives back what it does not need any more. */
  | { readonly kind: 'Checkpoint'; readonly call: number }
  | { readonly kind: 'Sweep'; readonly call: number; readonly oids: readonly number[] }
  | { readonly kind: 'BeginCopy'; readonly call: number; readonly file: string }
  | {
      readonly kind: 'WriteCopy'
      readonly call: number
      /** Absent: all tables. */
      readonly oids?: readonly number[]
    }
  | { readonly kind: 'CancelCopy' }
  | { readonly kind: 'EndCopy'; readonly call: number }
  | { readonly kind: 'TakeRows'; readonly call: number; readonly rows: CopiedRows }
  | { readonly kind: 'Shutdown'; readonly call: number }

/** Frame kinds; both ends are one build, so the numbers mean nothing else. */
const kinds = {
  Boot: 1,
  Define: 2,
  Forget: 3,
  Open: 4,
  Fetch: 5,
  ClosePortal: 6,
  Describe: 7,
  Begin: 8,
  Commit: 9,
  Rollback: 10,
  SetTimeZone: 11,
  Cancel: 12,
  Credit: 13,
  CloseSession: 14,
  HasCommitted: 15,
  ForgetCommits: 16,
  Sweep: 17,
  Shutdown: 18,
  Tables: 19,
  Revive: 20,
  Checkpoint: 40,
  BeginCopy: 50,
  WriteCopy: 51,
  CancelCopy: 52,
  EndCopy: 53,
  TakeRows: 54,
} as const satisfies Record<EngineRequest['kind'], number>

const kindNames: ReadonlyMap<number, EngineRequest['kind']> = new Map([
  [kinds.Boot, 'Boot'],
  [kinds.Define, 'Define'],
  [kinds.Forget, 'Forget'],
  [kinds.Open, 'Open'],
  [kinds.Fetch, 'Fetch'],
  [kinds.ClosePortal, 'ClosePortal'],
  [kinds.Describe, 'Describe'],
  [kinds.Begin, 'Begin'],
  [kinds.Commit, 'Commit'],
  [kinds.Rollback, 'Rollback'],
  [kinds.SetTimeZone, 'SetTimeZone'],
  [kinds.Cancel, 'Cancel'],
  [kinds.Credit, 'Credit'],
  [kinds.CloseSession, 'CloseSession'],
  [kinds.HasCommitted, 'HasCommitted'],
  [kinds.ForgetCommits, 'ForgetCommits'],
  [kinds.Sweep, 'Sweep'],
  [kinds.Shutdown, 'Shutdown'],
  [kinds.Tables, 'Tables'],
  [kinds.Revive, 'Revive'],
  [kinds.Checkpoint, 'Checkpoint'],
  [kinds.BeginCopy, 'BeginCopy'],
  [kinds.WriteCopy, 'WriteCopy'],
  [kinds.CancelCopy, 'CancelCopy'],
  [kinds.EndCopy, 'EndCopy'],
  [kinds.TakeRows, 'TakeRows'],
])

const writer = new FrameWriter()

export function encodeRequest(request: EngineRequest): Buffer {
  writer.start(kinds[request.kind])
  switch (request.kind) {
    case 'Boot':
      return writer.text(JSON.stringify(request.settings)).finish()
    case 'Define':
      return writer.uint32(request.program).text(JSON.stringify(request.definition)).finish()
    case 'Forget':
      return writer.uint32(request.program).finish()
    case 'Open':
      return encodeOpen(request)
    case 'Fetch':
      return writer
        .uint32(request.call)
        .uint32(request.session)
        .uint32(request.portal)
        .float64(request.rowsMax)
        .finish()
    case 'ClosePortal':
      return writer.uint32(request.session).uint32(request.portal).finish()
    case 'Describe':
      return writer.uint32(request.call).uint32(request.session).uint32(request.program).finish()
    case 'Begin':
      return writer
        .uint32(request.call)
        .uint32(request.session)
        .uint8(request.readOnly ? 1 : 0)
        .finish()
    case 'Commit':
      return encodeCommit(request)
    case 'Rollback':
    case 'Revive':
    case 'CloseSession':
      return writer.uint32(request.call).uint32(request.session).finish()
    case 'SetTimeZone':
      return writer.uint32(request.call).uint32(request.session).text(request.name).finish()
    case 'Cancel':
      return writer.uint32(request.session).uint32(request.call).finish()
    case 'Credit':
      return writer.uint32(request.session).float64(request.bytes).finish()
    case 'HasCommitted':
    case 'ForgetCommits':
      return writer.uint32(request.call).float64(request.transactionNumber).finish()
    case 'Sweep':
      return writer.uint32(request.call).text(JSON.stringify(request.oids)).finish()
    case 'BeginCopy':
      return writer.uint32(request.call).text(request.file).finish()
    case 'WriteCopy':
      return writer
        .uint32(request.call)
        .text(JSON.stringify({ oids: request.oids }))
        .finish()
    case 'TakeRows':
      return writer.uint32(request.call).text(JSON.stringify(request.rows)).finish()
    case 'CancelCopy':
      return writer.finish()
    case 'Tables':
    case 'Checkpoint':
    case 'EndCopy':
    case 'Shutdown':
      return writer.uint32(request.call).finish()
    default:
      return unreachable(request)
  }
}

export function decodeRequest(frame: Buffer): EngineRequest {
  const reader = new FrameReader(frame)
  const kind = kindNames.get(reader.kind)
  invariant(kind, 'a request has a known kind')
  switch (kind) {
    case 'Boot':
      return { kind, settings: JSON.parse(reader.text()) }
    case 'Define':
      return { kind, program: reader.uint32(), definition: JSON.parse(reader.text()) }
    case 'Forget':
      return { kind, program: reader.uint32() }
    case 'Open':
      return decodeOpen(reader)
    case 'Fetch':
      return {
        kind,
        call: reader.uint32(),
        session: reader.uint32(),
        portal: reader.uint32(),
        rowsMax: reader.float64(),
      }
    case 'ClosePortal':
      return { kind, session: reader.uint32(), portal: reader.uint32() }
    case 'Describe':
      return { kind, call: reader.uint32(), session: reader.uint32(), program: reader.uint32() }
    case 'Begin':
      return {
        kind,
        call: reader.uint32(),
        session: reader.uint32(),
        readOnly: reader.uint8() === 1,
      }
    case 'Commit':
      return decodeCommit(reader)
    case 'Rollback':
    case 'Revive':
    case 'CloseSession':
      return { kind, call: reader.uint32(), session: reader.uint32() }
    case 'SetTimeZone':
      return { kind, call: reader.uint32(), session: reader.uint32(), name: reader.text() }
    case 'Cancel':
      return { kind, session: reader.uint32(), call: reader.uint32() }
    case 'Credit':
      return { kind, session: reader.uint32(), bytes: reader.float64() }
    case 'HasCommitted':
    case 'ForgetCommits':
      return { kind, call: reader.uint32(), transactionNumber: reader.float64() }
    case 'Sweep':
      return { kind, call: reader.uint32(), oids: JSON.parse(reader.text()) }
    case 'BeginCopy':
      return { kind, call: reader.uint32(), file: reader.text() }
    case 'WriteCopy':
      return { kind, call: reader.uint32(), ...JSON.parse(reader.text()) }
    case 'TakeRows':
      return { kind, call: reader.uint32(), rows: JSON.parse(reader.text()) }
    case 'CancelCopy':
      return { kind }
    case 'Tables':
    case 'Checkpoint':
    case 'EndCopy':
    case 'Shutdown':
      return { kind, call: reader.uint32() }
    default:
      return unreachable(kind)
  }
}

function encodeOpen(request: EngineRequest & { readonly kind: 'Open' }): Buffer {
  writer.uint32(request.session).uint32(request.portal).uint32(request.program)
  writer.uint32(request.formats.length)
  for (const format of request.formats) writer.uint8(format === 'binary' ? 1 : 0)
  writeValues(writer, request.values)
  return writer.finish()
}

function decodeOpen(reader: FrameReader): EngineRequest {
  return {
    kind: 'Open',
    session: reader.uint32(),
    portal: reader.uint32(),
    program: reader.uint32(),
    formats: Array.from({ length: reader.uint32() }, () =>
      reader.uint8() === 1 ? 'binary' : 'text',
    ),
    values: readValues(reader),
  }
}

function encodeCommit(request: EngineRequest & { readonly kind: 'Commit' }): Buffer {
  writer.uint32(request.call).uint32(request.session)
  writer.uint8(request.transactionNumber === undefined ? 0 : 1)
  return writer.float64(request.transactionNumber ?? 0).finish()
}

function decodeCommit(reader: FrameReader): EngineRequest {
  const call = reader.uint32()
  const session = reader.uint32()
  const hasNumber = reader.uint8() === 1
  const transactionNumber = reader.float64()
  return hasNumber
    ? { kind: 'Commit', call, session, transactionNumber }
    : { kind: 'Commit', call, session }
}
