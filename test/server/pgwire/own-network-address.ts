import { networkInterfaces } from 'node:os'

/** An address of this machine that is not its loopback; some machines have none. */
export function ownNetworkAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return addresses.find((address) => !address.internal && address.family === 'IPv4')?.address
}
