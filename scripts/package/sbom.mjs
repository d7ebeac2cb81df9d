// `node scripts/package/sbom.mjs > sbom.cdx.json`: a CycloneDX document of what is really in the package. npm writes it for
// the whole tree; the package has no dependency, so what is bundled is taken out of that by the bundle's own account.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const all = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
);
const shipped = JSON.parse(readFileSync(process.argv[2] ?? 'dist/bundled.json', 'utf8'));
const isShipped = ({ name, version }) => shipped.some((one) => one.name === name && one.version === version);
const components = all.components.filter(isShipped).map(({ scope: _, ...one }) => ({
  ...one,
  // npm calls them dependencies for development, for nobody installs them: they are inside.
  properties: (one.properties ?? []).filter(({ name }) => name !== 'cdx:npm:package:development'),
}));
const missing = shipped.filter((one) => !components.some(({ name }) => name === one.name));
if (missing.length > 0) throw new Error(`npm does not know ${missing.map(({ name }) => name).join(', ')}`);
const refs = new Set([all.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
const dependencies = all.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: (dependsOn ?? []).filter((one) => refs.has(one)) }));
// npm names the root after its folder.
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const component = { ...all.metadata.component, name, version };
const metadata = { ...all.metadata, component };
process.stdout.write(`${JSON.stringify({ ...all, metadata, components, dependencies }, null, 2)}\n`);
