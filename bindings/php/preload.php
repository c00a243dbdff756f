<?php
// For opcache.preload: under the default ffi.enable=preload PHP-FPM lets only preloaded functions call a C library. This
// compiles the package and runs nothing of it: no library is loaded, and no client made, before FPM forks its workers.
// If you have a preload file of your own, require this one from it. After an update of the package reload PHP-FPM.

(static function (): void {
    if (!function_exists('opcache_compile_file')) {
        return;
    }
    // What others are made of comes first.
    $files = array_merge(
        glob(__DIR__ . '/src/Exception/BayarException.php'),
        glob(__DIR__ . '/src/Internal/*.php'),
        glob(__DIR__ . '/src/Exception/{Out,Ref}*.php', GLOB_BRACE),
        glob(__DIR__ . '/src/Exception/*.php'),
        glob(__DIR__ . '/src/*.php')
    );
    foreach (array_unique($files) as $file) {
        opcache_compile_file($file);
    }
})();
