package dev.coracle.layers.registry.http;

import dev.coracle.layers.registry.http.ProxyRules.ProxyServer;
import dev.coracle.layers.registry.http.ProxyRules.ProxyServer.Login;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** A connection through a SOCKS proxy. Java's own has its password in a variable that all of the program shares. */
final class SocksSocket extends Socket {
    private final ProxyServer proxy;

    /** What is said before the connection is one to the target. */
    interface Handshake {
        void shake(DataInputStream in, OutputStream out, InetSocketAddress target) throws IOException;
    }

    SocksSocket(ProxyServer proxy) {
        this.proxy = proxy;
    }

    private Handshake handshake() {
        String user = proxy.login().map(Login::user).orElse("");
        return switch (proxy.protocol()) {
            case SOCKS4 -> new Socks4(user, false);
            case SOCKS4A -> new Socks4(user, true);
            case SOCKS5 -> new Socks5(proxy.login());
            case HTTP -> throw new IllegalStateException("not a SOCKS proxy: " + proxy);
        };
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!(endpoint instanceof InetSocketAddress target)) {
            throw new IOException("not an internet address: " + endpoint);
        }
        super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeout);
        int before = getSoTimeout();
        setSoTimeout(timeout);
        try {
            handshake().shake(new DataInputStream(getInputStream()), getOutputStream(), target);
        } catch (IOException e) {
            throw new IOException("the proxy " + proxy.host() + ":" + proxy.port() + ": " + e.getMessage(), e);
        }
        setSoTimeout(before);
    }
}
