package dev.coracle.layers.registry.credential;

/** What is shown to a registry. None of them prints its secret. */
public sealed interface Credential {
    /** Nothing is known, nothing is shown. */
    Credential ANONYMOUS = new Anonymous();

    /** Nobody. */
    record Anonymous() implements Credential {}

    /**
     * A user and a password; ECR's passwords, for the user {@code AWS}, are thousands of characters long.
     *
     * @param user without a colon
     * @param password anything
     */
    record Password(String user, String password) implements Credential {
        @Override
        public String toString() {
            return "Password[" + user + ", ***]";
        }
    }

    /**
     * A token that is good for getting tokens.
     *
     * @param token what the registry's token service gave at login
     */
    record IdentityToken(String token) implements Credential {
        @Override
        public String toString() {
            return "IdentityToken[***]";
        }
    }

    /**
     * A token that is sent to the registry as it is.
     *
     * @param token what somebody else got from the token service
     */
    record RegistryToken(String token) implements Credential {
        @Override
        public String toString() {
            return "RegistryToken[***]";
        }
    }
}
