import type { EngineRequest, ProgramDefinition } from './protocol/request.ts'
import type { Program } from './store.ts'

/** Programs that the engine process remembers. */
const programsMax = 2000

/**
 * The numbers under which one engine process knows programs, so that a statement's text travels once
 * (performance.md, section 4: "Send ids and parameters, not SQL").
 */
export class ProgramNumbers {
  readonly #send: (request: EngineRequest) => void
  /** The usual case: a cached plan hands in the same object again. */
  readonly #byProgram = new WeakMap<Program, number>()
  readonly #byText = new Map<string, number>()
  readonly #defined = new Set<number>()
  #last = 0

  constructor(send: (request: EngineRequest) => void) {
    this.#send = send
  }

  /** The program's number, after telling it to the engine process if it does not know it. */
  numberOf(program: Program): number {
    const known = this.#byProgram.get(program)
    if (known !== undefined && this.#defined.has(known)) return known
    const definition = definitionOf(program)
    const text = JSON.stringify(definition)
    const number = this.#byText.get(text) ?? this.#define(text, definition)
    this.#byProgram.set(program, number)
    return number
  }

  #define(text: string, definition: ProgramDefinition): number {
    this.#forgetOldest()
    const program = ++this.#last
    this.#send({ kind: 'Define', program, definition })
    this.#byText.set(text, program)
    this.#defined.add(program)
    return program
  }

  #forgetOldest(): void {
    if (this.#byText.size < programsMax) return
    const [oldest] = this.#byText
    if (oldest === undefined) return
    const [text, program] = oldest
    this.#byText.delete(text)
    this.#defined.delete(program)
    this.#send({ kind: 'Forget', program })
  }
}

function definitionOf(program: Program): ProgramDefinition {
  return {
    sql: program.sql,
    kind: program.kind,
    ...(program.stage === undefined ? {} : { stage: program.stage }),
    ...(program.rowCount === undefined ? {} : { rowCount: program.rowCount }),
    parameters: program.parameters.map((parameter) => ({
      isList: parameter.kind === 'ServerColumn',
      type: parameter.type,
    })),
    columns: program.columns.map(({ type }) => (type === undefined ? {} : { type })),
  }
}
