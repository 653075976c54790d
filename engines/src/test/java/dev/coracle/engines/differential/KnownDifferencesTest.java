package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownDifferencesTest {
    private static final KnownDifferences KNOWN = KnownDifferences.read();

    @Test
    void theyAreFewMarksInTheCaseFilesIncluded() {
        long marks = CaseFiles.all()
                .filter(guestCase -> !guestCase.options().differsIn().isEmpty())
                .count();
        assertThat(KNOWN.entries().size() + marks).isLessThanOrEqualTo(KnownDifferences.MOST);
    }

    @Test
    void eachIsAboutACaseThatExists() {
        List<String> names = CaseFiles.all().map(GuestCase::toString).toList();
        assertThat(KNOWN.entries())
                .allSatisfy(entry ->
                        assertThat(names).anySatisfy(name -> assertThat(name).containsPattern(entry.cases())));
    }

    @Test
    void namesOfCasesAreUnique() {
        assertThat(CaseFiles.all().map(GuestCase::toString)).doesNotHaveDuplicates();
    }
}
