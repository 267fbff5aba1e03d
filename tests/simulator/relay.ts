/**
 * Passes connections on to the real server, so that one can be cut before its response has begun:
 * `Deno.serve` has no way to do that.
 *
 * @module
 */

/** A relay in front of a server on the same host. */
export interface Relay {
  readonly port: number;
  /** Ends the connection that reached the server from this port. */
  cut(fromPort: number): void;
  close(): Promise<void>;
}

/** Address to listen on, and port of the server behind. */
export interface RelayOptions {
  readonly hostname: string;
  readonly port: number;
  readonly serverPort: number;
}

/** Starts a relay. */
export function startRelay({ hostname, port, serverPort }: RelayOptions): Relay {
  const listener = Deno.listen({ hostname, port });
  const clients = new Map<number, Deno.TcpConn>();
  const pairs = new Set<Promise<void>>();

  const join = async (client: Deno.TcpConn): Promise<void> => {
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port: serverPort });
    } catch {
      close(client);
      return;
    }
    client.setNoDelay();
    server.setNoDelay();
    const fromPort = server.localAddr.port;
    clients.set(fromPort, client);
    // Whichever side ends, and however, the other one ends with it.
    const copy = (from: Deno.TcpConn, to: Deno.TcpConn) =>
      from.readable.pipeTo(to.writable).catch(() => {}).finally(() => {
        close(from);
        close(to);
      });
    await Promise.all([copy(client, server), copy(server, client)]);
    clients.delete(fromPort);
  };
  const accept = async () => {
    for await (const client of listener) {
      const pair = join(client);
      pairs.add(pair);
      pair.finally(() => pairs.delete(pair));
    }
  };
  const accepting = accept();

  return {
    port: listener.addr.port,
    cut(fromPort) {
      const client = clients.get(fromPort);
      if (client) close(client);
    },
    async close() {
      listener.close();
      await accepting;
      for (const client of clients.values()) close(client);
      await Promise.all(pairs);
    },
  };
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
