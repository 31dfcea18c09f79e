using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PeakS3Feed.Tests.Architecture;

/// <summary>Which source files declare the types of an assembly, by its portable PDB.</summary>
internal static class TypeFiles
{
    // A type without code has its files in custom debug information: TypeDefinitionDocuments of the portable PDB format.
    private static readonly Guid TypeDocuments = new("932e74bc-dba9-4478-8d46-0f32a7bab3d3");

    /// <summary>Reads the types that are not nested, each with its files; paths have <c>/</c> between names.</summary>
    public static IReadOnlyList<(string Namespace, string Name, IReadOnlySet<string> Files)> Read(string assembly)
    {
        using var program = new PEReader(File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        var (types, pdb) = (program.GetMetadataReader(), symbols.GetMetadataReader());
        return
        [
            .. from handle in types.TypeDefinitions
               let type = types.GetTypeDefinition(handle)
               where !type.IsNested
               let files = Documents(types, pdb, handle).Select(d => pdb.GetString(pdb.GetDocument(d).Name).Replace('\\', '/'))
               select (types.GetString(type.Namespace), types.GetString(type.Name), (IReadOnlySet<string>)files.ToHashSet(StringComparer.Ordinal)),
        ];
    }

    private static IEnumerable<DocumentHandle> Documents(MetadataReader types, MetadataReader pdb, TypeDefinitionHandle handle)
    {
        var type = types.GetTypeDefinition(handle);
        return type.GetMethods().SelectMany(m => Documents(pdb.GetMethodDebugInformation(m)))
            .Concat(Named(pdb, handle))
            .Concat(type.GetNestedTypes().SelectMany(n => Documents(types, pdb, n)));
    }

    private static IEnumerable<DocumentHandle> Documents(MethodDebugInformation method)
        => method.SequencePointsBlob.IsNil ? [] : method.GetSequencePoints().Select(p => p.Document);

    private static IEnumerable<DocumentHandle> Named(MetadataReader pdb, TypeDefinitionHandle handle)
    {
        foreach (var information in pdb.GetCustomDebugInformation(handle).Select(pdb.GetCustomDebugInformation))
        {
            if (pdb.GetGuid(information.Kind) != TypeDocuments)
                continue;
            var documents = pdb.GetBlobReader(information.Value);
            while (documents.RemainingBytes > 0)
                yield return System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(documents.ReadCompressedInteger());
        }
    }
}
