<?php

declare(strict_types=1);

namespace Bayar\Tests;

use PHPUnit\Framework\TestCase;

/** What an editor and a static analyser need: every public method is described, and every array says what is in it. */
final class DocumentedTest extends TestCase
{
    public function testEveryPublicMethodIsDescribed(): void
    {
        $methods = 0;
        foreach (glob(__DIR__ . '/../src/{,Exception/}*.php', GLOB_BRACE) as $file) {
            $folder = basename(dirname($file)) === 'Exception' ? 'Exception\\' : '';
            $class = new \ReflectionClass('Bayar\\' . $folder . basename($file, '.php'));
            $this->assertIsString($class->getDocComment(), $class->getName());
            foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->getFileName() === $class->getFileName() && strpos($method->getName(), '__debug') !== 0) {
                    ++$methods;
                    $this->assertDescribed($class->getName() . '::' . $method->getName(), $method);
                }
            }
        }
        $this->assertGreaterThan(100, $methods);
    }

    private function assertDescribed(string $name, \ReflectionMethod $method): void
    {
        $comment = (string) $method->getDocComment();
        $this->assertNotSame('', $comment, $name);
        if ((string) $method->getReturnType() === 'array') {
            $this->assertMatchesRegularExpression('/@return \S+(\[\]|<.+>)/', $comment, $name);
        }
        foreach ($method->getParameters() as $parameter) {
            if ((string) $parameter->getType() === 'array') {
                $pattern = '/@param\s+(array[<{]|\S+\[\])[^$]*\$' . $parameter->getName() . '/s';
                $this->assertMatchesRegularExpression($pattern, $comment, $name);
            }
        }
    }

    /** Only the one class may, for only its file has to be preloaded for that. */
    public function testOneClassAloneTouchesFFI(): void
    {
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(__DIR__ . '/../src'));
        foreach ($files as $file) {
            if ($file->isFile() && $file->getFilename() !== 'Native.php') {
                $this->assertStringNotContainsString('FFI::', file_get_contents($file->getPathname()));
            }
        }
    }
}
