package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import org.junit.jupiter.api.Tag;

/** The contract of Lambda's rules for mode F3. */
@Tag("slow")
class InLambdaIndexTest extends InLambdaContract {
    InLambdaIndexTest() {
        super(Mode.F3);
    }
}
