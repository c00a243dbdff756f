<?php
// Reads the plain header as an application would, and calls a few functions of each kind.
[, $header, $library] = $argv;
$bayar = FFI::cdef(file_get_contents($header), $library);
echo 'version ', $bayar->bayar_version(), "\n";

$error = $bayar->new('bayar_error *');
$text = $bayar->new('bayar_text *');
if ($bayar->bayar_timestamp_format(1720587478000, FFI::addr($text), FFI::addr($error)) !== $bayar->BAYAR_OK) {
    exit(1);
}
echo 'timestamp ', $bayar->bayar_text_value($text), "\n";
$bayar->bayar_text_free($text);

$config = $bayar->new('bayar_config *');
$bayar->bayar_config_new(FFI::addr($config), FFI::addr($error));
echo 'code ', $bayar->bayar_config_set($config, 'timeout_m', '5000', FFI::addr($error)), "\n";
echo 'field ', $bayar->bayar_error_field($error), "\n";
$message = $bayar->bayar_error_message($error);
echo 'message ', gettype($message), str_contains($message, 'timeout_ms') ? ' with timeout_ms' : ' without it', "\n";
$bayar->bayar_error_free($error);
$bayar->bayar_config_free($config);
echo "end\n";
