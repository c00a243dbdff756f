//! Workers that are killed, and PHP-FPM that is reloaded, under load: nothing is lost and nothing is paid twice.
