namespace PeakS3Feed.Worker.Service;

/// <summary>The system that runs a service.</summary>
internal enum ServiceKind
{
    /// <summary>systemd.</summary>
    Systemd,

    /// <summary>The service manager of Windows.</summary>
    Windows,

    /// <summary>A container.</summary>
    Container,
}
