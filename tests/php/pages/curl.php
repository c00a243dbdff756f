// One payment as a page makes it that keeps nothing: a token and a payment, each on a connection of its own with ext-curl. What is
// around it is a file that defines SETTINGS.

/** @param string[] $headers */
function post(string $path, array $headers, string $body): string
{
    $curl = curl_init(SETTINGS['base_url'] . $path);
    curl_setopt_array($curl, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => array_merge($headers, ['Content-Type: application/json']),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CAINFO => SETTINGS['ca_file'],
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl));
    }
    curl_close($curl);

    return $answer;
}

function pay(string $reference): string
{
    $now = (new DateTime('now', new DateTimeZone('+07:00')))->format('Y-m-d\TH:i:sP');
    $id = SETTINGS['client_id'];
    openssl_sign("$id|$now", $signature, openssl_pkey_get_private(file_get_contents(SETTINGS['private_key_file'])), 'sha256');
    $token = json_decode(post('/authorization/v1/access-token/b2b', [
        "X-CLIENT-KEY: $id", "X-TIMESTAMP: $now", 'X-SIGNATURE: ' . base64_encode($signature),
    ], '{"grantType":"client_credentials"}'))->accessToken;
    $path = '/direct-debit/core/v1/debit/payment-host-to-host';
    $body = json_encode([
        'partnerReferenceNo' => $reference,
        'validUpTo' => (new DateTime('+1 hour', new DateTimeZone('+07:00')))->format('Y-m-d\TH:i:sP'),
        'amount' => ['value' => '10000.00', 'currency' => 'IDR'],
        'urlParam' => [['url' => 'https://shop.example/thanks', 'type' => 'PAY_RETURN', 'isDeepLink' => 'N']],
        'additionalInfo' => ['channel' => 'EMONEY_DANA_SNAP', 'orderTitle' => 'Shoes'],
    ], JSON_UNESCAPED_SLASHES);
    $signed = "POST:$path:$token:" . hash('sha256', $body) . ":$now";

    return post($path, [
        "X-PARTNER-ID: $id", "X-TIMESTAMP: $now", "Authorization: Bearer $token", 'X-DEVICE-ID: bayar',
        'X-EXTERNAL-ID: ' . random_int(1000000000000000, 9999999999999999),
        'X-SIGNATURE: ' . base64_encode(hash_hmac('sha512', $signed, SETTINGS['client_secret'], true)),
    ], $body);
}
