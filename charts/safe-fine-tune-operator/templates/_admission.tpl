{{- /* Whether the release makes its admission policies. A chart that is rendered without a cluster knows groups and no
       kinds; every version that the chart is for then serves them. */}}
{{- define "safe-fine-tune.admissionServed" -}}
{{- $served := .Capabilities.APIVersions }}
{{- if or ($served.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy") (not ($served.Has "v1/Pod")) }}true{{ end }}
{{- end }}

{{- define "safe-fine-tune.admission" -}}
{{- if .Values.admission.enabled }}{{ include "safe-fine-tune.admissionServed" . }}{{ end }}
{{- end }}

{{- /* The operator's user, as a string of CEL. */}}
{{- define "safe-fine-tune.operatorUser" -}}
'system:serviceaccount:{{ .Release.Namespace }}:{{ include "safe-fine-tune.serviceAccount" . }}'
{{- end }}

{{- /* The binding of a policy to the guarded namespaces; takes the chart and the policy's own part of the name. */}}
{{- define "safe-fine-tune.guardedBinding" -}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .chart.Release.Name }}-{{ .policy }}
  labels: {{- include "safe-fine-tune.labels" .chart | nindent 4 }}
spec:
  policyName: {{ .chart.Release.Name }}-{{ .policy }}
  validationActions: {{ toJson .chart.Values.admission.actions }}
  matchResources:
    namespaceSelector: {{- toYaml .chart.Values.admission.namespaceSelector | nindent 6 }}
{{- end }}

{{- /* Kinds that hold a pod or a template of pods; takes the resources by which pods themselves are written. */}}
{{- define "safe-fine-tune.podKinds" -}}
- apiGroups: [""]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [{{ . }}, replicationcontrollers, podtemplates]
- apiGroups: [apps]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [deployments, statefulsets, daemonsets, replicasets]
- apiGroups: [batch]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [jobs, cronjobs]
{{- end }}

{{- /* Where such a kind holds its pod; takes the name of the object in CEL. */}}
{{- define "safe-fine-tune.podOf" -}}
request.kind.kind == 'Pod' ? {{ . }} :
request.kind.kind == 'CronJob' ? {{ . }}.spec.jobTemplate.spec.template :
request.kind.kind == 'PodTemplate' ? {{ . }}.template : {{ . }}.spec.template
{{- end }}

{{- /* Variables that several policies share. A namespaced role never reaches a check without a namespace. */}}
{{- define "safe-fine-tune.breakglass" -}}
- name: breakglass
  expression: authorizer.group('safefinetune.dev').resource('safefinetunepolicies').check('breakglass').allowed()
{{- end }}

{{- define "safe-fine-tune.podVariables" -}}
- name: pod
  expression: >-
    {{- include "safe-fine-tune.podOf" "object" | nindent 4 }}
- name: oldPod
  expression: >-
    {{- include "safe-fine-tune.podOf" "oldObject" | nindent 4 }}
- name: labels
  expression: variables.pod.?metadata.?labels.orValue({})
- name: volumes
  expression: variables.pod.spec.?volumes.orValue([])
# The label is the operator's own: the policy of the runs holds everybody else off it.
- name: isStage
  expression: request.kind.kind in ['Pod', 'Job'] && 'safefinetune.dev/run' in variables.labels
{{- end }}

{{- /* Whether a claim's name is one that a run's scratch or the platform's own claims have; takes the name in CEL. */}}
{{- define "safe-fine-tune.reservedClaim" -}}
{{ . }}.matches('-[1-9][0-9]*(-vector)?-scratch$') || {{ . }}.startsWith('safefinetune-')
{{- end }}

{{- /* Whether labels satisfy the selector of the guarded namespaces; takes the selector and the labels in CEL. */}}
{{- define "safe-fine-tune.selects" -}}
{{- $labels := .labels }}
{{- $parts := list }}
{{- range $key, $value := .selector.matchLabels }}
{{- $parts = append $parts (printf "%s[?'%s'].orValue('') == '%s'" $labels $key $value) }}
{{- end }}
{{- range .selector.matchExpressions }}
{{- if eq .operator "In" }}
{{- $parts = append $parts (printf "%s[?'%s'].orValue('') in %s" $labels .key (toJson .values)) }}
{{- else if eq .operator "NotIn" }}
{{- $parts = append $parts (printf "!(%s[?'%s'].orValue('') in %s)" $labels .key (toJson .values)) }}
{{- else if eq .operator "Exists" }}
{{- $parts = append $parts (printf "'%s' in %s" .key $labels) }}
{{- else }}
{{- $parts = append $parts (printf "!('%s' in %s)" .key $labels) }}
{{- end }}
{{- end }}
{{- join " && " $parts | default "true" }}
{{- end }}

{{- /* The stages, as a group of a regular expression: the ends of the names of their Jobs. */}}
{{- define "safe-fine-tune.stages" -}}
(prepare|train|evaluate|publish|prepare-vector|train-vector|assess|store)
{{- end }}

{{- /* Users that change and delete what others have made, as a list of CEL. */}}
{{- define "safe-fine-tune.tending" -}}
{{- $users := list "system:kube-scheduler" }}
{{- range list "job-controller" "generic-garbage-collector" "namespace-controller" "pod-garbage-collector" "node-controller" "taint-eviction-controller" "ttl-after-finished-controller" "disruption-controller" "persistent-volume-binder" "pvc-protection-controller" "expand-controller" "attachdetach-controller" }}
{{- $users = append $users (printf "system:serviceaccount:kube-system:%s" .) }}
{{- end }}
{{- toJson (concat $users .Values.admission.controllers) }}
{{- end }}

{{- /* The names of the trainer's images, as a list of CEL. */}}
{{- define "safe-fine-tune.trainerImages" -}}
{{- $images := list (include "safe-fine-tune.image" (dict "registry" .Values.image.registry "image" .Values.trainer.image "chart" .Chart)) }}
{{- if .Values.trainer.cuda.image.repository }}
{{- $images = append $images (include "safe-fine-tune.image" (dict "registry" .Values.image.registry "image" .Values.trainer.cuda.image "chart" .Chart)) }}
{{- end }}
{{- toJson (concat $images .Values.admission.trainerImages) }}
{{- end }}
