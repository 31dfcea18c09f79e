namespace PeakS3Feed.Worker.Service;

/// <summary>A unit of systemd.</summary>
internal static class SystemdUnit
{
    // Longer than serve's own limit for runs.
    private const int StopSeconds = 360;

    public static string Of(ServiceSetup setup) => $"""
        # Not run on our machines. /etc/systemd/system/peaks3feed.service; then: systemctl daemon-reload && systemctl enable --now peaks3feed
        [Unit]
        Description=PeakS3Feed: runs feeds when their triggers fire
        Documentation=man:systemd.service(5)
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=notify
        User={Percent(setup.User)}
        ExecStart={Quote(setup.Program)} serve{(setup.Store is { } store ? $" --store {Quote(store)}" : "")}
        Restart=on-failure
        RestartSec=10
        TimeoutStopSec={StopSeconds}
        UMask=0077
        # Secrets: files that only root reads, and that the service finds as file:/run/credentials/peaks3feed.service/NAME
        # LoadCredential=dwh:/etc/peaks3feed/dwh
        NoNewPrivileges=yes
        PrivateTmp=yes
        PrivateDevices=yes
        ProtectSystem=strict
        ProtectHome={(setup.Folders.Any(InHome) ? "no" : "yes")}
        ProtectKernelTunables=yes
        ProtectKernelModules=yes
        ProtectControlGroups=yes
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
        RestrictSUIDSGID=yes
        LockPersonality=yes
        ReadWritePaths={string.Join(' ', setup.Folders.Select(Quote))}

        [Install]
        WantedBy=multi-user.target
        """;

    private static bool InHome(string folder) => folder.StartsWith("/home/", StringComparison.Ordinal) || folder.StartsWith("/root/", StringComparison.Ordinal);

    // Quotes take C's escapes; % and $ have meanings of their own.
    private static string Quote(string text) => $"\"{Percent(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";

    private static string Percent(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}
