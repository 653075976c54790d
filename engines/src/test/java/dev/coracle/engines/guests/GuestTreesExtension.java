package dev.coracle.engines.guests;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the {@link GuestTrees}, made once per run and removed at its end; skips them, saying why, where there can be none. */
public final class GuestTreesExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(GuestTrees.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == GuestTrees.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var store = context.getRoot().getStore(NAMESPACE);
        Prepared prepared = store.computeIfAbsent(Prepared.class, key -> Prepared.now(), Prepared.class);
        prepared.missing().ifPresent(reason -> Assumptions.abort(reason));
        return prepared.trees().orElseThrow();
    }

    record Prepared(Optional<GuestTrees> trees, Optional<String> missing) implements AutoCloseable {
        static Prepared now() {
            TestCache cache = TestCache.located();
            Optional<String> missing = HostTools.whyNoChroot().or(cache::whyNoTree);
            return new Prepared(
                    missing.isPresent() ? Optional.empty() : Optional.of(GuestTrees.prepare(cache)), missing);
        }

        @Override
        public void close() {
            trees.ifPresent(GuestTrees::close);
        }
    }
}
