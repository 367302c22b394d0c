import { SqlState } from '../errors/sql-state.ts'
import type { Notice } from '../errors/notice.ts'
import type { Effect } from './effect.ts'
import { applyEffect, type AccessModel } from './model.ts'

/** A change in the making: its effects so far, and the model as they leave it. */
export class Draft {
  readonly effects: Effect[] = []
  readonly notices: Notice[] = []
  #model: AccessModel

  constructor(model: AccessModel) {
    this.#model = model
  }

  get model(): AccessModel {
    return this.#model
  }

  emit(effect: Effect): void {
    this.effects.push(effect)
    this.#model = applyEffect(this.#model, effect)
  }

  /** Says something once, as G59 wants it said. */
  notify(message: string): void {
    if (this.notices.some((notice) => notice.message === message)) return
    this.notices.push({ severity: 'NOTICE', sqlState: SqlState.Warning, message })
  }
}
