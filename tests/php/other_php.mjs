// Compiles every PHP file that is named, in a real PHP of another version (compiled to WebAssembly), and runs what of the package
// needs no FFI. Whatever PHP complains of, deprecations too, is a failure.
//
//     node other_php.mjs FOLDER_OF_NODE_MODULES VERSION FILE...        (VERSION: 7-4, 8-5)

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, version, ...files] = process.argv.slice(2);
const require = createRequire(modules + '/');
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { loadPHPRuntime, PHP } = await load('@php-wasm/universal');
const { getPHPLoaderModule } = await load('@php-wasm/node-' + version);

const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule(), {}));
for (const file of files) {
    const at = '/code' + file;
    php.mkdir(at.slice(0, at.lastIndexOf('/')));
    php.writeFile(at, readFileSync(file));
}
const list = JSON.stringify(files.map((file) => '/code' + file));
const code = `<?php
error_reporting(-1);
set_error_handler(function ($number, $message, $file, $line) { throw new ErrorException($message, 0, $number, $file, $line); });
$files = json_decode(${JSON.stringify(list)});
echo 'PHP ', PHP_VERSION, "\\n";
foreach ($files as $file) {
    try {
        token_get_all(file_get_contents($file), TOKEN_PARSE);
    } catch (ParseError $error) {
        echo "FAILED $file, line {$error->getLine()}: {$error->getMessage()}\\n";
    }
}
// What only shows when it is compiled and linked: the classes of the package.
spl_autoload_register(function ($class) use ($files) {
    $name = '/src/' . str_replace('\\\\', '/', substr($class, strlen('Bayar\\\\'))) . '.php';
    foreach ($files as $file) {
        if (substr($file, -strlen($name)) === $name) { require_once $file; return; }
    }
});
$loaded = 0;
foreach ($files as $file) {
    if (preg_match('#/bindings/php/src/(.*)\\.php$#', $file, $match)) {
        $class = 'Bayar\\\\' . str_replace('/', '\\\\', $match[1]);
        try {
            if (!class_exists($class) && !interface_exists($class) && !trait_exists($class)) { echo "FAILED $class is not there\\n"; }
            $loaded++;
        } catch (Throwable $error) {
            echo "FAILED $class: {$error->getMessage()}\\n";
        }
    }
}
echo count($files), " files, $loaded classes\\n";
try {
    Bayar\\Client::fromSettings(['environment' => 'sandbox']);
} catch (Bayar\\Exception\\LibraryException $no) {
    echo 'without FFI: ', $no->getMessage(), "\\n";
}
try {
    Bayar\\Internal\\Value::amount('amount', 1.5);
} catch (Bayar\\Exception\\InvalidArgumentException $no) {
    echo 'float: ', $no->getField(), "\\n";
}
`;
const result = await php.run({ code });
process.stdout.write(result.text);
if (result.errors) process.stderr.write(result.errors);
process.exit(result.exitCode !== 0 || result.text.includes('FAILED') ? 1 : 0);
