namespace PeakS3Feed.Worker.Service;

/// <summary>Creates a Dockerfile.</summary>
internal static class ContainerFile
{
    private const string Break = " \\\n#     ";

    private static readonly string[] Serve =
    [
        "/opt/peaks3feed/peaks3feed", "serve", "--urls", "https://*:8462", "--certificate", "/run/secrets/tls.pem",
        "--certificate-key", "/run/secrets/tls.key", "--token", "file:/run/secrets/token",
    ];

    public static string Create(ServiceSetup setup)
    {
        var volumes = string.Concat(setup.Databases.Select(d => $"{Break}-v {Quote(d)}:{Quote(d)}"));
        var writable = setup.Databases.Count > 0 ? $"it, and to {string.Join(", ", setup.Databases)}" : "it";
        var container = $"peaks3feed:{setup.Version}";
        return $"""
            # Not tested by us. Put it beside peaks3feed-{setup.Version}-linux-x64.tar.gz (tools/worker.sh linux-x64 creates it), and then:
            #   docker build -t {container} .
            #   docker run -d --name peaks3feed --restart unless-stopped --stop-timeout 360 -p 127.0.0.1:8462:8462 \
            #     -v {Quote(setup.Store)}:/var/lib/peaks3feed{volumes}{Break}-v /etc/peaks3feed:/run/secrets:ro {container}
            # The store on this machine is {setup.Store}; the user with the id 1654 must be able to write to {writable}.
            # In /etc/peaks3feed are the files token, tls.pem and tls.key: a container is reached through a network, so the worker needs them.
            FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
            ADD peaks3feed-{setup.Version}-linux-x64.tar.gz /opt/
            RUN mv /opt/peaks3feed-{setup.Version}-linux-x64 /opt/peaks3feed && mkdir -p /var/lib/peaks3feed && chown 1654:1654 /var/lib/peaks3feed
            USER 1654
            ENV PEAKS3FEED_HOME=/var/lib/peaks3feed
            VOLUME /var/lib/peaks3feed
            EXPOSE 8462
            HEALTHCHECK --interval=30s --timeout=5s CMD ["/opt/peaks3feed/peaks3feed", "health", "https://localhost:8462", "--insecure"]
            ENTRYPOINT [{string.Join(", ", Serve.Select(a => $"\"{a}\""))}]
            """;
    }

    private static string Quote(string text) => text.Any(char.IsWhiteSpace) ? $"'{text}'" : text;
}
