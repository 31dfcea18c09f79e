using System.Diagnostics;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store.Documents;

/// <summary>Destinations to and from their documents.</summary>
internal static class DestinationMapping
{
    private static readonly PostgreSqlDestination Default = new() { Name = "", Host = "", Database = "" };

    /// <summary>The destination, or null when its kind is missing (which is then a problem).</summary>
    public static S3FeedDestination? ToDefinition(DestinationDocument document, List<DefinitionProblem> problems)
    {
        switch (document.Kind)
        {
            case DestinationKind.Sqlite:
                Refuse(PostgreSqlOnly(document), "Sqlite", problems);
                return new SqliteDestination
                {
                    Name = Mapping.Required(document.Name, nameof(S3FeedDestination.Name), problems),
                    Path = Mapping.Required(document.Path, nameof(SqliteDestination.Path), problems),
                };
            case DestinationKind.PostgreSql:
                Refuse([(nameof(document.Path), document.Path is not null)], "PostgreSql", problems);
                return new PostgreSqlDestination
                {
                    Name = Mapping.Required(document.Name, nameof(S3FeedDestination.Name), problems),
                    Host = Mapping.Required(document.Host, nameof(PostgreSqlDestination.Host), problems),
                    Port = document.Port ?? Default.Port,
                    Database = Mapping.Required(document.Database, nameof(PostgreSqlDestination.Database), problems),
                    Username = document.Username,
                    Password = document.Password,
                    SslMode = document.SslMode ?? Default.SslMode,
                    RootCertificate = document.RootCertificate,
                    Schema = document.Schema ?? Default.Schema,
                };
            default:
                problems.Add(new(nameof(document.Kind), "kind is missing.", "Write \"kind\": \"Sqlite\" or \"kind\": \"PostgreSql\"."));
                return null;
        }
    }

    public static DestinationDocument ToDocument(S3FeedDestination destination) => destination switch
    {
        SqliteDestination sqlite => new() { Kind = DestinationKind.Sqlite, Name = sqlite.Name, Path = sqlite.Path },
        PostgreSqlDestination server => new()
        {
            Kind = DestinationKind.PostgreSql,
            Name = server.Name,
            Host = server.Host,
            Port = Mapping.UnlessValue(server.Port, Default.Port),
            Database = server.Database,
            Username = server.Username,
            Password = server.Password,
            SslMode = Mapping.Unless(server.SslMode, Default.SslMode),
            RootCertificate = server.RootCertificate,
            Schema = Mapping.Unless(server.Schema, Default.Schema),
        },
        _ => throw new UnreachableException(),
    };

    private static (string Field, bool Given)[] PostgreSqlOnly(DestinationDocument d) =>
    [
        (nameof(d.Host), d.Host is not null), (nameof(d.Port), d.Port is not null), (nameof(d.Database), d.Database is not null),
        (nameof(d.Username), d.Username is not null), (nameof(d.Password), d.Password is not null), (nameof(d.SslMode), d.SslMode is not null),
        (nameof(d.RootCertificate), d.RootCertificate is not null), (nameof(d.Schema), d.Schema is not null),
    ];

    private static void Refuse((string Field, bool Given)[] foreign, string kind, List<DefinitionProblem> problems)
    {
        foreach (var (field, given) in foreign)
        {
            if (given) problems.Add(new(field, $"A {kind} destination has no {char.ToLowerInvariant(field[0])}{field[1..]}."));
        }
    }
}
