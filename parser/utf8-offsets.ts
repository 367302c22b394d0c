/**
 * For a text, the function from a byte offset in its UTF-8 form to the offset in UTF-16 units. A text
 * of ASCII costs nothing; else the places are found when first asked for.
 */
export function utf8Offsets(text: string): (byteOffset: number) => number {
  if (Buffer.byteLength(text, 'utf8') === text.length) return (byteOffset) => byteOffset
  let steps: readonly Step[] | undefined
  return (byteOffset) => {
    steps ??= stepsOf(text)
    const step = lastStepUpTo(steps, byteOffset)
    return byteOffset - step.bytesMore
  }
}

/** From byte offset `from` on, bytes are `bytesMore` ahead of UTF-16 units. */
interface Step {
  readonly from: number
  readonly bytesMore: number
}

function stepsOf(text: string): readonly Step[] {
  const steps: Step[] = [{ from: 0, bytesMore: 0 }]
  let bytesMore = 0
  for (const { 0: run, index } of text.matchAll(/[^\0-\x7f]/gu)) {
    const bytes = Buffer.byteLength(run, 'utf8')
    const from = index + bytesMore + bytes
    bytesMore += bytes - run.length
    steps.push({ from, bytesMore })
  }
  return steps
}

function lastStepUpTo(steps: readonly Step[], byteOffset: number): Step {
  let low = 0
  let high = steps.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((steps[middle]?.from ?? 0) <= byteOffset) low = middle
    else high = middle - 1
  }
  return steps[low] ?? { from: 0, bytesMore: 0 }
}
