// Packs the program for npm: one package with the program for a platform, and the main one, which finds it.
//
//   node packaging/npm/pack.js target/release/zoom-runner target/npm [linux-x64]
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

const [binary, out, platform = `${process.platform}-${process.arch}`] = process.argv.slice(2);
if (!out || !PLATFORMS.includes(platform)) {
  console.error(`usage: node pack.js BINARY OUT [${PLATFORMS.join("|")}]`);
  process.exit(2);
}

const root = path.join(__dirname, "..", "..");
const cargo = fs.readFileSync(path.join(root, "Cargo.toml"), "utf8");
const fromCargo = (key) => cargo.match(new RegExp(`^${key} = "(.*)"$`, "m"))[1];
const version = fromCargo("version");
const common = { version, description: fromCargo("description"), license: fromCargo("license") };

// Writes a package of these files and packs it into a tarball.
function pack(manifest, files) {
  const directory = path.join(out, manifest.name);
  fs.rmSync(directory, { recursive: true, force: true });
  const licenses = ["LICENSE-MIT", "LICENSE-APACHE"].map((name) => [path.join(root, name), name]);
  for (const [from, to] of [...files, ...licenses]) {
    const target = path.join(directory, to);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(from, target);
    if (to === "zoom-runner") fs.chmodSync(target, 0o755);
  }
  fs.writeFileSync(path.join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

  // The folder's own settings, and no registry: packing needs neither network nor scripts.
  const options = ["pack", "--silent", "--ignore-scripts", "--pack-destination", path.resolve(out)];
  const tarball = execFileSync("npm", options, { cwd: directory, encoding: "utf8" }).trim();
  console.log(path.join(out, tarball));
}

const [os, cpu] = platform.split("-");
pack({ name: `zoom-runner-${platform}`, ...common, os: [os], cpu: [cpu] }, [[binary, "zoom-runner"]]);

pack(
  {
    name: "zoom-runner",
    ...common,
    keywords: ["zoom", "soar", "mcp", "security"],
    engines: { node: ">=18" },
    bin: { "zoom-runner": "bin/zoom-runner.js" },
    optionalDependencies: Object.fromEntries(PLATFORMS.map((name) => [`zoom-runner-${name}`, version])),
  },
  [[path.join(__dirname, "bin", "zoom-runner.js"), "bin/zoom-runner.js"], [path.join(__dirname, "README.md"), "README.md"]],
);
