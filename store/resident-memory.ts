import { readFileSync } from 'node:fs'

const pageBytes = 4096

/** Resident memory of a process as Linux tells it; nothing elsewhere, or when the process is gone. */
export function residentBytes(processId: number): number | undefined {
  try {
    const [, resident = ''] = readFileSync(`/proc/${processId}/statm`, 'latin1').split(' ')
    const pages = Number(resident)
    return Number.isNaN(pages) ? undefined : pages * pageBytes
  } catch {
    return undefined
  }
}
