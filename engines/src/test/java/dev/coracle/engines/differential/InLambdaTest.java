package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;

/** The contract of Lambda's rules for mode F1. */
class InLambdaTest extends InLambdaContract {
    InLambdaTest() {
        super(Mode.F1);
    }
}
