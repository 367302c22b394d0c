import type { Span } from './statement.ts'

/** What a part of the client's text is replaced by, so that PostgreSQL's grammar can read the rest. */
export interface Edit {
  /** Offsets in the client's text; nothing between them: an insertion. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** What an error there is near to, in the client's text. */
  readonly near: Span
}

/** A text with its edits made, and the way back. */
export interface EditedText {
  readonly text: string
  /** The place in the client's text; that of a replaced part is where the part begins. */
  readonly placeOf: (offset: number) => { readonly offset: number; readonly near?: Span }
}

/** Makes edits, which lie within `start` and `end` and do not overlap. */
export function editText(source: string, { start, end }: Span, edits: readonly Edit[]): EditedText {
  const ordered = edits.toSorted((a, b) => a.start - b.start)
  if (ordered.length === 0) {
    return { text: source.slice(start, end), placeOf: (offset) => ({ offset: start + offset }) }
  }
  const pieces: Piece[] = []
  let text = ''
  let from = start
  for (const edit of ordered) {
    pieces.push({ at: text.length, from })
    text += source.slice(from, edit.start)
    pieces.push({ at: text.length, from: edit.start, edit })
    text += edit.text
    from = edit.end
  }
  pieces.push({ at: text.length, from })
  text += source.slice(from, end)
  return { text, placeOf: (offset) => placeIn(pieces, offset) }
}

/** From `at` on the edited text is the client's from `from` on, or what an edit put there. */
interface Piece {
  readonly at: number
  readonly from: number
  readonly edit?: Edit
}

function placeIn(pieces: readonly Piece[], offset: number): ReturnType<EditedText['placeOf']> {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((pieces[middle]?.at ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const piece = pieces[low]
  if (piece === undefined) return { offset }
  if (piece.edit !== undefined) return { offset: piece.edit.near.start, near: piece.edit.near }
  return { offset: piece.from + offset - piece.at }
}
