/** What a backup says of itself: `manifest.json`, beside it `manifest.sha256` in the form of sha256sum. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { driverCode } from '../../errors/driver-code.ts'
import { backupDamaged, cannotRestore } from './backup-errors.ts'
import { filesBelow, writeDurably } from './files.ts'

export const manifestFile = 'manifest.json'
const digestFile = 'manifest.sha256'

/** Of the layout below; another one is refused. */
const formatVersion = 1

/** Where a file may lie: nothing that leads out of the folder. */
const relativePath = z
  .string()
  .regex(/^[^/\\\0]+(\/[^/\\\0]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'))

const manifestSchema = z.strictObject({
  format: z.literal('grantd backup'),
  version: z.number(),
  kind: z.enum(['Database', 'Tables']),
  /** ISO 8601 in UTC, with microseconds; `backup_timestamp` of the statement. */
  timestamp: z.string(),
  /** Of the access model. */
  epoch: z.number(),
  files: z.array(
    z.strictObject({
      path: relativePath,
      bytes: z.number(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  /** Of a backup of tables: each one, with the statement that makes it, and its columns in the file. */
  tables: z.array(
    z.strictObject({
      schema: z.string(),
      name: z.string(),
      oid: z.number(),
      definition: z.string(),
      columns: z.array(
        z.strictObject({
          name: z.string(),
          attnum: z.number(),
          symbol: z.strictObject({ capacity: z.number(), cached: z.boolean() }).optional(),
          index: z.strictObject({ capacity: z.number() }).optional(),
        }),
      ),
      /** What ALTER TABLE keeps of a table beside its definition. */
      parameters: z
        .strictObject({
          maxUncommittedRows: z.number().optional(),
          o3MaxLagMicros: z.number().optional(),
        })
        .optional(),
      timeToLive: z
        .strictObject({
          amount: z.number(),
          unit: z.enum(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']),
        })
        .optional(),
    }),
  ),
  /** Of a checkpoint: which file the data file beside it is; tells a copied folder from the original. */
  origin: z.string().optional(),
})

export type Manifest = z.infer<typeof manifestSchema>
export type ManifestTable = Manifest['tables'][number]

/** @param content all but what every manifest of this version says */
export async function writeManifest(
  directory: string,
  content: Omit<Manifest, 'format' | 'version'>,
): Promise<void> {
  const manifest: Manifest = { format: 'grantd backup', version: formatVersion, ...content }
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  await writeDurably(join(directory, manifestFile), text)
  await writeDurably(join(directory, digestFile), `${sha256(text)}  ${manifestFile}\n`)
}

/**
 * Reads a manifest and holds it against its hash and against the names of the files that there are; the files
 * themselves are measured when they are read.
 * @throws SqlError when it is no backup, or not as it was written
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = await readText(directory, manifestFile)
  const digest = await readText(directory, digestFile)
  if (digest !== `${sha256(text)}  ${manifestFile}\n`) {
    throw backupDamaged(`${manifestFile} is not as it was written`)
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text))
  if (!parsed.success) {
    throw cannotRestore(`${manifestFile} is not of a version that this program knows`)
  }
  const manifest = parsed.data
  if (manifest.version !== formatVersion) {
    throw cannotRestore(
      `the backup has version ${manifest.version}, this program knows version ${formatVersion}`,
    )
  }
  const listed = [manifestFile, digestFile, ...manifest.files.map(({ path }) => path)].toSorted()
  const found = await filesBelow(directory)
  const missing = listed.find((path) => !found.includes(path))
  if (missing !== undefined) throw backupDamaged(`${missing} is missing`)
  const unknown = found.find((path) => !listed.includes(path))
  if (unknown !== undefined) throw backupDamaged(`${unknown} is not one of its files`)
  return manifest
}

async function readText(directory: string, file: string): Promise<string> {
  try {
    return await readFile(join(directory, file), 'utf8')
  } catch (error) {
    if (driverCode(error) !== 'ENOENT' && driverCode(error) !== 'ENOTDIR') throw error
    throw cannotRestore(`"${directory}" is not a backup: it has no ${file}`)
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
