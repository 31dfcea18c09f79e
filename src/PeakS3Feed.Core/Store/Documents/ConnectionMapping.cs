using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store.Documents;

/// <summary>Connections to and from their documents.</summary>
internal static class ConnectionMapping
{
    private static readonly S3Connection Default = new() { Name = "", BucketName = "" };

    public static S3Connection ToDefinition(ConnectionDocument document, List<DefinitionProblem> problems) => new()
    {
        Name = Mapping.Required(document.Name, nameof(S3Connection.Name), problems),
        Region = document.Region,
        BucketName = Mapping.Required(document.BucketName, nameof(S3Connection.BucketName), problems),
        RootPath = document.RootPath ?? Default.RootPath,
        RoleArn = document.RoleArn,
        ExternalId = document.ExternalId,
        TrustedPrincipal = document.TrustedPrincipal,
        EndpointUrl = document.EndpointUrl,
        StsEndpointUrl = document.StsEndpointUrl,
        ForcePathStyle = document.ForcePathStyle ?? Default.ForcePathStyle,
        ProfileName = document.ProfileName,
        Anonymous = document.Anonymous ?? Default.Anonymous,
        RequesterPays = document.RequesterPays ?? Default.RequesterPays,
        KmsKeyArn = document.KmsKeyArn,
        SessionDuration = document.SessionDuration ?? Default.SessionDuration,
        Status = document.Status ?? Default.Status,
    };

    public static ConnectionDocument ToDocument(S3Connection connection) => new()
    {
        Name = connection.Name,
        Region = connection.Region,
        BucketName = connection.BucketName,
        RootPath = Mapping.Unless(connection.RootPath, Default.RootPath),
        RoleArn = connection.RoleArn,
        ExternalId = connection.ExternalId,
        TrustedPrincipal = connection.TrustedPrincipal,
        EndpointUrl = connection.EndpointUrl,
        StsEndpointUrl = connection.StsEndpointUrl,
        ForcePathStyle = Mapping.UnlessValue(connection.ForcePathStyle, Default.ForcePathStyle),
        ProfileName = connection.ProfileName,
        Anonymous = Mapping.UnlessValue(connection.Anonymous, Default.Anonymous),
        RequesterPays = Mapping.UnlessValue(connection.RequesterPays, Default.RequesterPays),
        KmsKeyArn = connection.KmsKeyArn,
        SessionDuration = Mapping.UnlessValue(connection.SessionDuration, Default.SessionDuration),
        Status = connection.Status,
    };
}
