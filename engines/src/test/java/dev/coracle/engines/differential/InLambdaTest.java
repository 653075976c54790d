package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import org.junit.jupiter.api.Tag;

/** The contract of Lambda's rules for mode F1. */
@Tag("slow")
class InLambdaTest extends InLambdaContract {
    InLambdaTest() {
        super(Mode.F1);
    }
}
