<?php

declare(strict_types=1);

namespace Bayar\Exception;

/**
 * It may have happened, and calling again does not tell: a person has to look, in DOKU's dashboard, before anything is done.
 */
final class PersonNeededException extends OutcomeUnknownException
{
}
