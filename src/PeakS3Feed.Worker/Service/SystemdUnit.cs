using PeakS3Feed.Remedies;

namespace PeakS3Feed.Worker.Service;

/// <summary>Creates a systemd unit.</summary>
internal static class SystemdUnit
{
    // Longer than serve's own limit for runs.
    private const int StopSeconds = 360;

    public static string Create(ServiceSetup setup) => $"""
        # Not tested by us. /etc/systemd/system/peaks3feed.service; then: systemctl daemon-reload && systemctl enable --now peaks3feed
        # It starts only if these folders exist and {setup.User} can write to them:
        {string.Join('\n', setup.Folders.Select(f => $"#   {Folder(f, setup.User)}"))}
        [Unit]
        Description=PeakS3Feed: runs feeds when their triggers fire
        Documentation=man:systemd.service(5)
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=notify
        User={Percent(setup.User)}
        ExecStart={string.Join(' ', setup.Command.Select(Argument))} serve --store {Argument(setup.Store)}
        Restart=on-failure
        RestartSec=10
        TimeoutStopSec={StopSeconds}
        UMask=0077
        # Secrets: files that only root can read. The service reads them as file:/run/credentials/peaks3feed.service/NAME
        # LoadCredential=dwh:/etc/peaks3feed/dwh
        NoNewPrivileges=yes
        PrivateTmp=yes
        PrivateDevices=yes
        ProtectSystem=strict
        ProtectHome={(setup.Folders.Any(InHome) ? "no" : setup.Command.Any(InHome) ? "read-only" : "yes")}
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

    private static string Folder(string folder, string user)
        => Directory.Exists(folder) ? folder : $"install -d -m 700 -o {user} {CommandText.Shell(folder)}";

    private static bool InHome(string folder)
        => folder.StartsWith("/home/", StringComparison.Ordinal) || folder.StartsWith("/root/", StringComparison.Ordinal);

    // In a command, $ starts a variable.
    private static string Argument(string text) => Quote(text).Replace("$", "$$", StringComparison.Ordinal);

    // Quoted text has C's escapes; % has a special meaning.
    private static string Quote(string text)
        => $"\"{Percent(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Percent(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}
