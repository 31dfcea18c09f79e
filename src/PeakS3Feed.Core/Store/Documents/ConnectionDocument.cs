using PeakS3Feed.Connections;

namespace PeakS3Feed.Store.Documents;

/// <summary>A connection as it is written; null stands for the default.</summary>
internal sealed class ConnectionDocument : Document
{
    public string? Name { get; set; }

    public string? Region { get; set; }

    public string? BucketName { get; set; }

    public string? RootPath { get; set; }

    public string? RoleArn { get; set; }

    public string? ExternalId { get; set; }

    public string? TrustedPrincipal { get; set; }

    public string? EndpointUrl { get; set; }

    public string? StsEndpointUrl { get; set; }

    public bool? ForcePathStyle { get; set; }

    public string? ProfileName { get; set; }

    public bool? Anonymous { get; set; }

    public bool? RequesterPays { get; set; }

    public string? KmsKeyArn { get; set; }

    public TimeSpan? SessionDuration { get; set; }

    public ConnectionStatus? Status { get; set; }
}
