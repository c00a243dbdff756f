<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Exception\BayarException;
use Bayar\Internal\Bytes;
use Bayar\Internal\Handle;
use Bayar\Internal\Native;
use Bayar\Internal\Value;
use Psr\Http\Message\ServerRequestInterface;

/** A request that came in at one of your two routes for DOKU, as it came: the body byte for byte, and all headers. */
final class Incoming
{
    /** The library refuses a longer body, so the rest of it need not be read. */
    private const MOST_READ = 65537;

    private Handle $handle;

    /**
     * @param array<string, string|string[]> $headers by name; a list where one came several times
     * @param string                         $body    its bytes as they came, neither decoded nor parsed
     *
     * @throws BayarException where what came is no request of DOKU's: answer HTTP 400
     */
    public function __construct(
        string $method,
        string $path,
        #[\SensitiveParameter]
        array $headers,
        string $body
    ) {
        $method = Value::text('method', $method);
        $path = Value::text('path', $path);
        $bytes = new Bytes(substr($body, 0, self::MOST_READ));
        $this->handle = Native::must(Native::make('incoming', 'incoming_new', $method, $path, $bytes));
        foreach ($headers as $name => $values) {
            // Some frameworks give null for a header without a value.
            foreach (array_filter((array) $values, 'is_string') as $value) {
                $name = Value::text('headers', (string) $name);
                Native::run('incoming_add_header', $this->handle, $name, Value::text('headers', $value));
            }
        }
    }

    /**
     * Of this web request, where nothing has read the body before. For plain PHP under any web server.
     *
     * @throws BayarException
     */
    public static function fromGlobals(): self
    {
        $path = explode('?', (string) ($_SERVER['REQUEST_URI'] ?? '/'), 2)[0];
        $body = (string) file_get_contents('php://input', false, null, 0, self::MOST_READ);

        return new self((string) ($_SERVER['REQUEST_METHOD'] ?? ''), $path, self::headers(), $body);
    }

    /**
     * Of a PSR-7 request. Its body must be there as it came.
     *
     * @throws BayarException
     */
    public static function fromPsr7(ServerRequestInterface $request): self
    {
        $body = (string) $request->getBody();

        return new self($request->getMethod(), $request->getUri()->getPath(), $request->getHeaders(), $body);
    }

    /** @internal */
    public function handle(): Handle
    {
        return $this->handle;
    }

    /** @return array<string, string> */
    private static function headers(): array
    {
        if (function_exists('getallheaders')) {
            return getallheaders();
        }
        $headers = [];
        foreach ($_SERVER as $name => $value) {
            if (strncmp((string) $name, 'HTTP_', 5) === 0) {
                $headers[str_replace('_', '-', substr($name, 5))] = (string) $value;
            } elseif ($name === 'CONTENT_TYPE' || $name === 'CONTENT_LENGTH') {
                $headers[str_replace('_', '-', $name)] = (string) $value;
            }
        }

        return $headers;
    }
}
