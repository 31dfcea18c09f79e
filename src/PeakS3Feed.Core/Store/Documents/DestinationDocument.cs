namespace PeakS3Feed.Store.Documents;

/// <summary>A destination of any kind as it is written; null stands for the default, or for what its kind does not have.</summary>
internal sealed class DestinationDocument : Document
{
    public DestinationKind? Kind { get; set; }

    public string? Name { get; set; }

    public string? Path { get; set; }

    public string? Host { get; set; }

    public int? Port { get; set; }

    public string? Database { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public string? SslMode { get; set; }

    public string? RootCertificate { get; set; }

    public string? Schema { get; set; }
}
