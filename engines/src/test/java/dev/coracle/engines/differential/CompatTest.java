package dev.coracle.engines.differential;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Those that a run for every change has time for. */
class CompatTest extends CompatContract {
    private static final Pattern CHOSEN = Pattern.compile(String.join(
            "|",
            "compat: ",
            "rows: (stat|open|remove), (plain|host)",
            "guests: glibc",
            "hazards: programs by descriptor"));

    static Stream<GuestCase> cases() {
        return all().filter(guestCase -> CHOSEN.matcher(guestCase.toString()).find());
    }
}
