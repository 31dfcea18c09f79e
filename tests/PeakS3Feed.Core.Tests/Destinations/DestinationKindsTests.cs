using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Sqlite;

namespace PeakS3Feed.Tests.Destinations;

public sealed class DestinationKindsTests
{
    private static readonly PostgreSqlDestination Server = new() { Name = "a", Host = "db.example.org", Database = "d", Username = "u", Password = "env:P" };

    [Fact]
    public void Two_definitions_of_one_database_are_the_same_whatever_user_they_name()
    {
        var other = Server with { Name = "b", Host = "DB.example.org", Username = "v", Password = null, SslMode = "Disable" };
        Assert.True(BuiltInDestinations.Kinds.AreSame(Server, other, Path.GetTempPath()));
        Assert.False(BuiltInDestinations.Kinds.AreSame(Server, other with { Port = 5433 }, Path.GetTempPath()));
        Assert.False(BuiltInDestinations.Kinds.AreSame(Server, other with { Database = "D" }, Path.GetTempPath()));
        Assert.False(BuiltInDestinations.Kinds.AreSame(Server, other with { Schema = "raw" }, Path.GetTempPath()));
    }

    [Fact]
    public void Two_definitions_of_one_warehouse_are_the_same_whatever_user_they_name()
    {
        var cluster = new RedshiftDestination { Name = "a", ClusterIdentifier = "dwh", Region = "eu-west-1", Database = "d", StagingConnection = "s" };
        Assert.True(AreSame(cluster, cluster with { Name = "b", Database = "D", DbUser = "loader", StagingConnection = "t", SortKey = ["x"] }));
        Assert.False(AreSame(cluster, cluster with { Region = "eu-central-1" }));
        Assert.False(AreSame(cluster, cluster with { ProfileName = "other_account" }));
        Assert.False(AreSame(cluster, cluster with { Schema = "raw" }));
        Assert.False(AreSame(cluster, cluster with { ClusterIdentifier = null, WorkgroupName = "dwh" }));

        var host = cluster with { ClusterIdentifier = null, Host = "dwh.example.org", Username = "u", Password = "env:P" };
        Assert.True(AreSame(host, host with { Host = "DWH.example.org", Username = "v" }));
        Assert.False(AreSame(host, host with { Port = 5440 }));
        Assert.False(AreSame(host, Server with { Host = "dwh.example.org", Port = 5439 }));

        static bool AreSame(S3FeedDestination left, S3FeedDestination right) => BuiltInDestinations.Kinds.AreSame(left, right, Path.GetTempPath());
    }

    [Fact]
    public void A_file_is_the_same_by_whatever_path()
    {
        var folder = Path.GetTempPath();
        var whole = new SqliteDestination { Name = "a", Path = Path.Combine(folder, "local.db") };
        Assert.True(BuiltInDestinations.Kinds.AreSame(whole, BuiltInDestinations.Local, folder));
        Assert.True(BuiltInDestinations.Kinds.AreSame(BuiltInDestinations.Local, whole with { Path = "./x/../local.db" }, folder));
        Assert.False(BuiltInDestinations.Kinds.AreSame(whole, BuiltInDestinations.Local, Path.Combine(folder, "other")));
        Assert.False(BuiltInDestinations.Kinds.AreSame(whole, Server, folder));
    }

    [Fact]
    public void A_kind_is_registered_once()
        => Assert.Throws<ArgumentException>(() => BuiltInDestinations.Kinds.With(new SqliteKind()));

    // By the metadata of the compiled code: a reference to a kind's types is a question which kind it is.
    [Fact]
    public void No_code_outside_a_kinds_folder_asks_which_kind_it_is()
        => Assert.Equal(["PeakS3Feed.Destinations.BuiltIn.BuiltInDestinations"], UsersOfKinds(typeof(DestinationKinds).Assembly.Location));

    private static string[] UsersOfKinds(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var owner = Outermost(metadata, handle);
            if (IsOfKind(Namespace(metadata, owner)) || Namespace(metadata, owner).Length == 0) continue;
            var uses = type.GetMethods().Any(m => Uses(file, metadata, metadata.GetMethodDefinition(m)))
                || type.GetFields().Any(f => Mentions(metadata, metadata.GetBlobReader(metadata.GetFieldDefinition(f).Signature)));
            if (uses) found.Add($"{Namespace(metadata, owner)}.{metadata.GetString(metadata.GetTypeDefinition(owner).Name)}");
        }

        return [.. found];
    }

    private static bool Uses(PEReader file, MetadataReader metadata, MethodDefinition method)
    {
        if (Mentions(metadata, metadata.GetBlobReader(method.Signature))) return true;
        if (method.RelativeVirtualAddress == 0) return false;
        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        return TokensOf(body.GetILBytes() ?? []).Any(t => IsKind(metadata, t))
            || (!body.LocalSignature.IsNil && Mentions(metadata, metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature)));
    }

    // Every operand that is a metadata token is four bytes of which the last names the table. Bytes that look like one by chance name a row as well:
    // what they would name is a type of a kind only once in a great while, and then the test fails where somebody can see why.
    private static IEnumerable<EntityHandle> TokensOf(byte[] code)
    {
        for (var i = 0; i + 4 < code.Length; i++)
        {
            // call, newobj, castclass, isinst, ldfld, ldsfld, stfld, callvirt, box, newarr, ldtoken; constrained and initobj after 0xFE
            if (code[i] is 0x28 or 0x73 or 0x74 or 0x75 or 0x7B or 0x7E or 0x7D or 0x6F or 0x8C or 0x8D or 0xD0 or 0xA5 || (i > 0 && code[i - 1] == 0xFE && code[i] is 0x15 or 0x16))
            {
                var token = BitConverter.ToInt32(code, i + 1);
                if ((token >> 24) is 0x01 or 0x02 or 0x04 or 0x06 or 0x0A or 0x1B or 0x2B) yield return (EntityHandle)MetadataTokens.Handle(token);
            }
        }
    }

    private static bool IsKind(MetadataReader metadata, EntityHandle handle)
    {
        try
        {
            return handle.Kind switch
            {
                HandleKind.TypeDefinition => IsOfKind(Namespace(metadata, Outermost(metadata, (TypeDefinitionHandle)handle))),
                HandleKind.TypeReference => IsOfKind(metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)handle).Namespace)),
                HandleKind.MethodDefinition => IsKind(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
                HandleKind.FieldDefinition => IsKind(metadata, metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()),
                HandleKind.MemberReference => IsKind(metadata, metadata.GetMemberReference((MemberReferenceHandle)handle).Parent)
                    || Mentions(metadata, metadata.GetBlobReader(metadata.GetMemberReference((MemberReferenceHandle)handle).Signature)),
                HandleKind.TypeSpecification => Mentions(metadata, metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature)),
                HandleKind.MethodSpecification => IsKind(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method)
                    || Mentions(metadata, metadata.GetBlobReader(metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Signature)),
                _ => false,
            };
        }
        catch (Exception error) when (error is BadImageFormatException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    // A class in a signature is CLASS (0x12) or VALUETYPE (0x11) and its handle, compressed.
    private static bool Mentions(MetadataReader metadata, BlobReader signature)
    {
        var found = false;
        while (signature.RemainingBytes > 0)
        {
            var at = signature.Offset;
            if (signature.ReadByte() is not (0x11 or 0x12) || signature.RemainingBytes == 0) continue;
            var handle = signature.ReadTypeHandle();
            found |= !handle.IsNil && IsKind(metadata, handle);
            signature.Offset = at + 1;
        }

        return found;
    }

    private static TypeDefinitionHandle Outermost(MetadataReader metadata, TypeDefinitionHandle type)
    {
        while (metadata.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer) type = outer;
        return type;
    }

    private static string Namespace(MetadataReader metadata, TypeDefinitionHandle type) => metadata.GetString(metadata.GetTypeDefinition(type).Namespace);

    private static bool IsOfKind(string name) => name is "PeakS3Feed.Destinations.PostgreSql" or "PeakS3Feed.Destinations.Redshift" or "PeakS3Feed.Destinations.Sqlite";

    [Fact]
    public void Each_kind_prepares_without_a_server()
    {
        foreach (var kind in BuiltInDestinations.Kinds.All)
            kind.Prepare();
    }
}
