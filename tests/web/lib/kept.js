// What the browser keeps of the vaults, altered behind the program's back. The program must not run meanwhile: it holds its databases.

/** A page of the site without the program. */
const BESIDE = 'config.json';

/** How much each file of the pool of databases has before its contents; it begins with the path of the database, ended by a zero byte. */
const POOL_HEADER_BYTES = 4096;

/** Turns every bit of the attachment's file from byte `from` on, `len` bytes long. There must be one attachment. */
export const damageAttachment = (page, site, from, len) => damage(page, site, { folder: 'vaults', is: '.bin', from, len });

/** The same in the database at `path`, counted in its contents: negative = in what the pool writes before them. */
export const damageDatabase = (page, site, path, from, len) => damage(page, site, { folder: 'sqlite', is: path, from: POOL_HEADER_BYTES + from, len });

async function damage(page, site, what) {
  await page.goto(new URL(BESIDE, site.url).href);
  const n = await page.evaluate(async ({ folder, is, from, len }) => {
    /** Whether it is the attachment by its name, or the database by the path it begins with. */
    const isMeant = async (file) => {
      if (is.startsWith('.')) return file.name.endsWith(is);
      const path = (await file.slice(0, 512).text()).split('\0')[0];
      return path === is || path.endsWith(`/${is}`);
    };
    const files = async (dir) => {
      const found = [];
      for await (const entry of dir.values()) {
        if (entry.kind === 'directory') found.push(...(await files(entry)));
        else if (await isMeant(await entry.getFile())) found.push(entry);
      }
      return found;
    };
    const root = await navigator.storage.getDirectory();
    const found = await files(await root.getDirectoryHandle(folder));
    for (const entry of found) {
      const bytes = new Uint8Array(await (await entry.getFile()).slice(from, from + len).arrayBuffer());
      const stream = await entry.createWritable({ keepExistingData: true });
      await stream.write({ type: 'write', position: from, data: bytes.map((byte) => ~byte) });
      await stream.close();
    }
    return found.length;
  }, what);
  if (n !== 1) throw new Error(`${n} files instead of one were damaged`);
}

/** Names of the damaged files that the program has put aside. */
export const putAside = (page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('damaged').catch(() => null);
    return folder ? Array.fromAsync(folder.keys()) : [];
  });
