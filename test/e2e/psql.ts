import { execFile } from 'node:child_process'
import type { Grantd } from './grantd.ts'

export interface PsqlResult {
  /** 0; 1 psql's own fault, 2 connection lost, 3 a statement failed under ON_ERROR_STOP. */
  readonly exitCode: number
  readonly output: string
  readonly errors: string
}

/** Runs real psql, unaligned and with SQLSTATEs in its errors; `args` as on its command line. */
export function psql(
  grantd: Pick<Grantd, 'port'>,
  login: { readonly user: string; readonly password: string },
  args: readonly string[],
): Promise<PsqlResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'psql',
      [
        '-X',
        '-h',
        '127.0.0.1',
        '-p',
        String(grantd.port),
        '-U',
        login.user,
        '-d',
        'grantd',
        ...args,
      ],
      {
        env: { PATH: process.env['PATH'] ?? '', PGPASSWORD: login.password, LC_ALL: 'C.UTF-8' },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, output, errors) => {
        if (error !== null && typeof error.code !== 'number') reject(error)
        else resolve({ exitCode: child.exitCode ?? -1, output, errors })
      },
    )
  })
}
