<?php
// Finds the package's classes where it was not installed by Composer.

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    foreach (['Bayar\\Tests\\' => __DIR__ . '/', 'Bayar\\' => __DIR__ . '/../src/'] as $prefix => $folder) {
        if (strncmp($class, $prefix, strlen($prefix)) === 0) {
            $file = $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
});
